using System.Collections.Concurrent;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests;

public class EventingTests
{
    [Theory]
    [InlineData(EventDispatchBehavior.NonBlockingSequential)]
    [InlineData(EventDispatchBehavior.NonBlockingConcurrent)]
    public async Task A_subscriber_that_fails_while_nobody_waits_is_in_the_log(EventDispatchBehavior behavior)
    {
        var log = new ErrorLog();
        await using var builder = TestApp.New();
        builder.Services.AddSingleton<ILoggerProvider>(log);
        builder.Eventing.Subscribe<Rung>((_, _) => throw new InvalidOperationException("no mood"));
        await using var app = await builder.BuildAsync();
        await builder.Eventing.PublishAsync(new Rung(), behavior);
        Assert.Equal("A subscriber of Rung has failed. no mood", await log.Error.Task.WaitAsync(TestApp.Limit));
    }

    [Theory]
    [InlineData(EventDispatchBehavior.BlockingSequential)]
    [InlineData(EventDispatchBehavior.BlockingConcurrent)]
    public async Task A_subscriber_that_fails_while_somebody_waits_is_seen_by_them(EventDispatchBehavior behavior)
    {
        await using var builder = TestApp.New();
        builder.Eventing.Subscribe<Rung>((_, _) => throw new InvalidOperationException("no mood"));
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => builder.Eventing.PublishAsync(new Rung(), behavior));
        Assert.Equal("no mood", e.Message);
    }

    [Fact]
    public async Task Who_unsubscribes_hears_no_more()
    {
        await using var builder = TestApp.New();
        var heard = new ConcurrentQueue<string>();
        Func<Rung, CancellationToken, Task> Hear(string name) => (_, _) =>
        {
            heard.Enqueue(name);
            return Task.CompletedTask;
        };
        var first = builder.Eventing.Subscribe(Hear("first"));
        builder.Eventing.Subscribe(Hear("second"));
        await builder.Eventing.PublishAsync(new Rung());
        builder.Eventing.Unsubscribe(first);
        await builder.Eventing.PublishAsync(new Rung());
        Assert.Equal(["first", "second", "second"], heard);
    }

    private sealed class Rung : IDistributedApplicationEvent;

    private sealed class ErrorLog : ILoggerProvider, ILogger
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
}
