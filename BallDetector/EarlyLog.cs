namespace BallDetector;

/// <summary>Keeps the first lines until the host, which starts while detection already runs, has a log to write them
/// to.</summary>
internal sealed class EarlyLog : ILogger
{
    private const int Most = 100;
    private readonly Lock _gate = new();
    private List<Action<ILogger>>? _kept = [];
    private ILogger? _log;

    /// <summary>Writes what was kept, and passes everything on from now on.</summary>
    public void PassTo(ILogger log)
    {
        List<Action<ILogger>> kept;
        lock (_gate)
        {
            kept = _kept ?? [];
            _kept = null;
            _log = log;
        }
        foreach (var line in kept)
            line(log);
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel level) => Volatile.Read(ref _log)?.IsEnabled(level) ?? true;

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?,
        string> format)
    {
        lock (_gate)
        {
            if (_log is null)
            {
                if (_kept!.Count < Most)
                    _kept.Add(log => log.Log(level, id, state, exception, format));
                return;
            }
        }
        _log.Log(level, id, state, exception, format);
    }
}
