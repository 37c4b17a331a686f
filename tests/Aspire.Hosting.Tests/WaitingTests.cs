using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests;

/// <summary>Waiting on states that the test itself publishes, so that nothing depends on time.</summary>
public class WaitingTests
{
    [Fact]
    public async Task Every_copy_is_waited_for()
    {
        await using var builder = TestApp.New();
        var many = builder.AddShell("many", "true").WithAnnotation(new InstancesAnnotation(["many-a", "many-b"]));
        var after = builder.AddShell("after", "true").WaitFor(many);
        var states = (await builder.BuildAsync()).ResourceNotifications;

        var waiting = states.WaitForDependenciesAsync(after.Resource, TestApp.Limit);
        await states.PublishUpdateAsync(many.Resource, "many-a", Ready(Task.CompletedTask));
        await states.PublishUpdateAsync(many.Resource, "many-b", s => s with { State = KnownResourceStates.FailedToStart });

        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => waiting);
        Assert.Contains("stopped waiting for dependency resource 'many' because it failed to start", e.Message);
    }

    [Fact]
    public async Task Who_may_wait_longer_outlives_the_end_of_what_it_waits_for()
    {
        await using var builder = TestApp.New();
        var one = builder.AddShell("one", "true");
        var after = builder.AddShell("after", "true").WaitFor(one, WaitBehavior.WaitOnResourceUnavailable);
        var states = (await builder.BuildAsync()).ResourceNotifications;

        var waiting = states.WaitForDependenciesAsync(after.Resource, TestApp.Limit);
        Assert.True(states.TryGetCurrentState("after", out var now));
        Assert.Equal(KnownResourceStates.Waiting, now.Snapshot.State?.Text);
        Assert.Equal(["one"], (string[])now.Snapshot.Properties.Single(p => p.Name == "resource.waitingFor").Value!);

        await states.PublishUpdateAsync(one.Resource, s => s with { State = KnownResourceStates.Finished, ExitCode = 1 });
        await states.PublishUpdateAsync(one.Resource, Ready(Task.CompletedTask));
        await waiting;
        Assert.True(states.TryGetCurrentState("after", out now));
        Assert.DoesNotContain(now.Snapshot.Properties, p => p.Name == "resource.waitingFor");
    }

    [Fact]
    public async Task Being_ready_includes_what_the_application_does_about_it()
    {
        await using var builder = TestApp.New();
        var one = builder.AddShell("one", "true");
        var after = builder.AddShell("after", "true").WaitFor(one);
        var states = (await builder.BuildAsync()).ResourceNotifications;
        var seeding = new TaskCompletionSource();

        Task[] waiting =
        [
            states.WaitForDependenciesAsync(after.Resource, TestApp.Limit),
            states.WaitForResourceHealthyAsync("one", TestApp.Limit),
        ];
        await states.PublishUpdateAsync(one.Resource, Ready(seeding.Task));
        seeding.SetException(new InvalidOperationException("no seeds"));

        foreach (var who in waiting)
            Assert.Equal("no seeds", (await Assert.ThrowsAsync<InvalidOperationException>(() => who)).Message);
    }

    [Fact]
    public async Task The_plain_name_stands_for_an_only_copy()
    {
        await using var builder = TestApp.New();
        var one = builder.AddShell("one", "true").WithAnnotation(new InstancesAnnotation(["one-a"]));
        var two = builder.AddShell("two", "true").WithAnnotation(new InstancesAnnotation(["two-a", "two-b"]));
        var states = (await builder.BuildAsync()).ResourceNotifications;
        await states.PublishUpdateAsync(one.Resource, Ready(Task.CompletedTask));
        await states.PublishUpdateAsync(two.Resource, Ready(Task.CompletedTask));

        Assert.True(states.TryGetCurrentState("one", out var now));
        Assert.Equal("one-a", now.ResourceId);
        Assert.False(states.TryGetCurrentState("two", out _));
        Assert.True(states.TryGetCurrentState("two-b", out _));
    }

    [Fact]
    public async Task A_command_to_a_resource_goes_to_every_copy()
    {
        await using var builder = TestApp.New();
        var given = new List<string>();
        var many = builder.AddShell("many", "true").WithAnnotation(new InstancesAnnotation(["many-a", "many-b"]))
            .WithCommand("greet", "Greet", context =>
            {
                lock (given) given.Add(context.ResourceName);
                return Task.FromResult(CommandResults.Success());
            });
        var app = await builder.BuildAsync();
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync(many.Resource, "greet", TestApp.Limit)).Success);
        Assert.Equal(["many-a", "many-b"], given.Order());
    }

    private static Func<CustomResourceSnapshot, CustomResourceSnapshot> Ready(Task handled) =>
        s => s with { State = KnownResourceStates.Running, ReadyHandled = handled };
}
