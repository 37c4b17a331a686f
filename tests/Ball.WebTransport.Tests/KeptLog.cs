using Microsoft.Extensions.Logging;

namespace Ball.WebTransport.Tests;

/// <summary>A log that is kept.</summary>
sealed class KeptLog : ILogger
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Saying(string text)
    {
        lock (_lines)
            return [.. _lines.Where(line => line.Contains(text))];
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
            _lines.Add(formatter(state, exception));
    }
}
