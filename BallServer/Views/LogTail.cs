using System.Globalization;

namespace BallServer.Views;

/// <summary>
/// Keeps the newest lines of the log for the live table to show below itself:
/// written straight to the terminal they would tear it.
/// </summary>
internal sealed class LogTail(int most, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Pen(this);

    public void Dispose()
    {
    }

    private void Keep(LogLevel level, string text)
    {
        var mark = level >= LogLevel.Warning ? $"{level.ToString().ToLowerInvariant()}: " : "";
        var at = time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        lock (_gate)
        {
            if (_lines.Count == most)
                _lines.Dequeue();
            _lines.Enqueue($"{at}  {mark}{text.ReplaceLineEndings(" ")}");
        }
    }

    private sealed class Pen(LogTail tail) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            tail.Keep(logLevel, exception is null ? text : $"{text} ({exception.Message})");
        }
    }
}
