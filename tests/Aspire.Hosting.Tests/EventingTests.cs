using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
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

    [Theory]
    [InlineData(EventDispatchBehavior.BlockingSequential, "first")]
    [InlineData(EventDispatchBehavior.BlockingConcurrent, "first second")]
    public async Task Subscribers_hear_one_after_the_other_or_all_at_once(EventDispatchBehavior behavior, string atOnce)
    {
        await using var builder = TestApp.New();
        var heard = new List<string>();
        var first = new TaskCompletionSource();
        builder.Eventing.Subscribe<Rung>((_, _) =>
        {
            heard.Add("first");
            return first.Task;
        });
        builder.Eventing.Subscribe<Rung>((_, _) =>
        {
            heard.Add("second");
            return Task.CompletedTask;
        });
        var publishing = builder.Eventing.PublishAsync(new Rung(), behavior);
        Assert.Equal(atOnce, string.Join(' ', heard));
        Assert.False(publishing.IsCompleted);
        first.SetResult();
        await publishing;
        Assert.Equal(["first", "second"], heard);
    }

    [Fact]
    public async Task Who_subscribes_for_one_resource_hears_only_of_that_one()
    {
        await using var builder = TestApp.New();
        var heard = new List<string>();
        var (one, two) = (builder.AddShell("one", "true").Resource, builder.AddShell("two", "true").Resource);
        builder.Eventing.Subscribe<BeforeResourceStartedEvent>(one, (e, _) =>
        {
            heard.Add(e.Resource.Name);
            return Task.CompletedTask;
        });
        await using var app = await builder.BuildAsync();
        await builder.Eventing.PublishAsync(new BeforeResourceStartedEvent(two, app.Services));
        await builder.Eventing.PublishAsync(new BeforeResourceStartedEvent(one, app.Services));
        Assert.Equal(["one"], heard);
    }

    private sealed class Rung : IDistributedApplicationEvent;
}
