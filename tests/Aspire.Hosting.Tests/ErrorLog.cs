using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests;

/// <summary>Keeps the first error of the AppHost's log.</summary>
internal sealed class ErrorLog : ILoggerProvider, ILogger
{
    public TaskCompletionSource<string> Error { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) Error.TrySetResult($"{formatter(state, exception)} {exception?.Message}");
    }

    public void Dispose()
    {
    }
}
