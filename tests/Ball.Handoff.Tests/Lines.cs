using Microsoft.Extensions.Logging;

namespace Ball.Handoff.Tests;

/// <summary>A log to look at.</summary>
internal sealed class Lines : ILogger
{
    private readonly List<(LogLevel, string)> _lines = [];

    public string[] Warnings
    {
        get
        {
            lock (_lines)
                return [.. _lines.Where(line => line.Item1 >= LogLevel.Warning).Select(line => line.Item2)];
        }
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?,
        string> format)
    {
        lock (_lines)
            _lines.Add((level, format(state, exception)));
    }
}
