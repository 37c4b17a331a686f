using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests;

public class RunningTests
{
    [Fact]
    public async Task A_project_becomes_healthy_and_others_find_it()
    {
        await using var builder = TestApp.New();
        var api = builder.AddApi().WithEnvironment("BRACES", "{{ mine }}");
        builder.AddProject<Projects.Playground_Api>("front", "other")
            .WithHttpHealthCheck("/health").WithReference(api).WaitFor(api).WithArgs("--url", api.GetEndpoint("http"));
        await using var app = await builder.StartAsync();
        await app.Healthy("front");

        using var client = app.CreateHttpClient("front");
        var url = app.GetEndpoint("api").ToString().TrimEnd('/');
        Assert.Equal("hello from front", await client.GetStringAsync("/"));
        Assert.Equal(url, await client.GetStringAsync("/env/services__api__http__0"));
        Assert.Equal(url, await client.GetStringAsync("/env/API_HTTP"));
        Assert.Equal("other", await client.GetStringAsync("/env/PLAYGROUND_PROFILE"));
        Assert.Equal("other", await client.GetStringAsync("/env/DOTNET_LAUNCH_PROFILE"));
        Assert.True(app.ResourceNotifications.TryGetCurrentState("front", out var front));
        Assert.Contains(front.Snapshot.Urls, u => u.Url == new Uri(app.GetEndpoint("front", "http"), "/args").ToString());
        Assert.Contains(front.Snapshot.EnvironmentVariables, v => v.Name == "API_HTTP");
        Assert.DoesNotContain(front.Snapshot.EnvironmentVariables, v => v.Name == "PATH");
        Assert.Equal($"--greeting\nhello world\n--url\n{url}", await client.GetStringAsync("/args"));
        Assert.EndsWith("Playground.Api", await client.GetStringAsync("/folder"));

        using var other = app.CreateHttpClient("api");
        Assert.Equal("{{ mine }}", await other.GetStringAsync("/env/BRACES"));
        Assert.Contains("can complain too", await app.LogLineWith("api", "complain"));
    }

    [Fact]
    public async Task Stop_start_and_restart_keep_the_address()
    {
        await using var builder = TestApp.New();
        var readied = 0;
        builder.AddApi().OnResourceReady((_, _, _) =>
        {
            Interlocked.Increment(ref readied);
            return Task.CompletedTask;
        });
        await using var app = await builder.StartAsync();
        var first = (await app.Healthy("api")).Snapshot;
        var address = app.GetEndpoint("api");

        await ExecuteAsync(KnownResourceCommands.StopCommand);
        var stopped = await app.Is("api", KnownResourceStates.Finished);
        Assert.Equal(0, stopped.ExitCode);
        Assert.Null(stopped.HealthStatus);
        Assert.Equal(ResourceCommandState.Enabled, stopped.Commands.First(c => c.Name == "start").State);

        await ExecuteAsync(KnownResourceCommands.StartCommand);
        var second = (await app.Healthy("api")).Snapshot;
        Assert.NotEqual(first.Pid(), second.Pid());

        await ExecuteAsync(KnownResourceCommands.RestartCommand);
        var third = (await app.Healthy("api")).Snapshot;
        Assert.NotEqual(second.Pid(), third.Pid());
        Assert.Equal(address, app.GetEndpoint("api"));
        Assert.Equal(3, readied);

        async Task ExecuteAsync(string command) =>
            Assert.True((await app.ResourceCommands.ExecuteCommandAsync("api", command, TestApp.Limit)).Success);
    }

    [Fact]
    public async Task A_killed_process_is_seen_and_can_be_started_again()
    {
        await using var builder = TestApp.New();
        builder.AddApi();
        await using var app = await builder.StartAsync();
        var pid = (await app.Healthy("api")).Snapshot.Pid();
        using (var process = System.Diagnostics.Process.GetProcessById(pid)) process.Kill();
        var dead = await app.Is("api", KnownResourceStates.Finished);
        Assert.NotEqual(0, dead.ExitCode);
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("api", "start", TestApp.Limit)).Success);
        Assert.NotEqual(pid, (await app.Healthy("api")).Snapshot.Pid());
    }

    [Fact]
    public async Task A_process_that_ignores_the_request_to_end_is_ended_all_the_same()
    {
        await using var builder = TestApp.New();
        builder.AddShell("deaf", "trap '' TERM; echo listening; while :; do sleep 1; done");
        await using var app = await builder.StartAsync();
        await app.LogLineWith("deaf", "listening");
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("deaf", "stop", TestApp.Limit)).Success);
        Assert.NotEqual(0, (await app.Is("deaf", KnownResourceStates.Finished)).ExitCode);
    }

    [Fact]
    public async Task A_sick_resource_is_seen_and_holds_up_those_that_wait()
    {
        await using var builder = TestApp.New();
        var sick = true;
        builder.Services.AddHealthChecks()
            .AddCheck("mood", () => sick ? HealthCheckResult.Unhealthy("sad") : HealthCheckResult.Healthy());
        var one = builder.AddShell("one", "sleep 1000").WithHealthCheck("mood");
        builder.AddShell("two", "echo started; sleep 1000").WaitFor(one);
        var app = await builder.BuildAsync();
        var starting = app.StartAsync(TestApp.Limit);
        await using (app)
        {
            var seen = await app.ResourceNotifications.WaitForResourceAsync(
                "one", e => e.Snapshot.HealthReports.Any(r => r.Description == "sad"), TestApp.Limit);
            Assert.Equal(HealthStatus.Unhealthy, seen.Snapshot.HealthStatus);
            await app.Is("two", KnownResourceStates.Waiting);
            sick = false;
            await starting;
            await app.Is("two", KnownResourceStates.Running);
        }
    }

    [Fact]
    public async Task A_page_that_answers_otherwise_or_not_at_all_is_not_healthy()
    {
        await using var builder = TestApp.New();
        builder.AddProject<Projects.Playground_Api>("api").WithHttpHealthCheck("/nowhere", 404);
        builder.AddProject<Projects.Playground_Api>("lost").WithHttpHealthCheck("/nowhere");
        builder.AddShell("mute", "sleep 1000").WithHttpEndpoint().WithHttpHealthCheck();
        await using var app = await builder.StartAsync();
        await app.Healthy("api");
        await UnhealthyAsync("lost", "the current status is NotFound");
        await UnhealthyAsync("mute", "does not answer");

        Task UnhealthyAsync(string name, string why) => app.ResourceNotifications.WaitForResourceAsync(
            name,
            e => e.Snapshot.HealthReports.Any(r => r.Status == HealthStatus.Unhealthy && r.Description?.Contains(why) == true),
            TestApp.Limit);
    }

    [Fact]
    public async Task Who_waits_for_the_start_only_does_not_wait_for_health()
    {
        await using var builder = TestApp.New();
        builder.Services.AddHealthChecks().AddCheck("mood", () => HealthCheckResult.Unhealthy("sad"));
        var one = builder.AddShell("one", "sleep 1000").WithHealthCheck("mood").WithExplicitStart();
        var two = builder.AddShell("two", "sleep 1000").WaitForStart(one);
        builder.AddShell("three", "sleep 1000").WaitFor(one);
        builder.AddShell("four", "sleep 1000").WaitForStart(two);
        var app = await builder.BuildAsync();
        using var given = new CancellationTokenSource();
        var starting = app.StartAsync(given.Token);
        await using (app)
        {
            await app.Is("two", KnownResourceStates.Waiting);
            await app.Is("four", KnownResourceStates.Waiting);
            Assert.True((await app.ResourceCommands.ExecuteCommandAsync("one", "start", TestApp.Limit)).Success);
            await app.Is("two", KnownResourceStates.Running);
            await app.Is("four", KnownResourceStates.Running);
            await app.Is("three", KnownResourceStates.Waiting);
            Assert.False(starting.IsCompleted);
            await given.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        }
    }

    [Fact]
    public async Task Who_waits_can_be_started_all_the_same()
    {
        await using var builder = TestApp.New();
        builder.AddShell("two", "sleep 1000").WaitFor(builder.AddShell("one", "sleep 1000").WithExplicitStart());
        var app = await builder.BuildAsync();
        var starting = app.StartAsync(TestApp.Limit);
        await using (app)
        {
            await app.Is("two", KnownResourceStates.Waiting);
            Assert.True((await app.ResourceCommands.ExecuteCommandAsync("two", "start", TestApp.Limit)).Success);
            await app.Is("two", KnownResourceStates.Running);
            await starting;
            await app.Is("one", KnownResourceStates.NotStarted);
        }
    }

    [Fact]
    public async Task What_ends_well_lets_others_start_and_what_does_not_stops_them()
    {
        await using var builder = TestApp.New();
        var good = builder.AddShell("good", "exit 0");
        var bad = builder.AddShell("bad", "exit 3");
        builder.AddShell("after-good", "exit 0").WaitForCompletion(good);
        builder.AddShell("after-bad", "exit 0").WaitForCompletion(bad);
        builder.AddShell("after-three", "exit 0").WaitForCompletion(bad, exitCode: 3);
        builder.AddShell("wants-bad", "exit 0").WaitFor(bad).WithHealthCheck("never");
        bad.WithHealthCheck("never-healthy");
        await using var app = await builder.StartAsync();
        Assert.Equal(0, (await app.Is("after-good", KnownResourceStates.Finished)).ExitCode);
        Assert.Equal(0, (await app.Is("after-three", KnownResourceStates.Finished)).ExitCode);
        Assert.Equal(3, (await app.Is("bad", KnownResourceStates.Finished)).ExitCode);
        await app.Is("after-bad", KnownResourceStates.FailedToStart);
        await app.Is("wants-bad", KnownResourceStates.FailedToStart);
        Assert.Contains("exit code '3', expected '0'", await app.LogLineWith("after-bad", "stopped waiting"));
    }

    [Fact]
    public async Task A_program_that_is_not_there_fails_to_start_and_says_why()
    {
        await using var builder = TestApp.New();
        builder.AddExecutable("gone", "/nowhere/program", "/");
        await using var app = await builder.StartAsync();
        await app.Is("gone", KnownResourceStates.FailedToStart);
        Assert.Contains("/nowhere/program", await app.LogLineWith("gone", "/nowhere/program"));
    }

    [Fact]
    public async Task A_missing_parameter_fails_only_who_needs_it()
    {
        await using var builder = TestApp.New();
        builder.AddShell("needs", "true").WithEnvironment("VALUE", builder.AddParameter("missing"));
        builder.AddShell("does-not", "exit 0");
        builder.AddParameter("secret", "hush", secret: true);
        await using var app = await builder.StartAsync();
        await app.Is("needs", KnownResourceStates.FailedToStart);
        await app.Is("does-not", KnownResourceStates.Finished);
        Assert.True((await app.Is("secret", KnownResourceStates.Running)).Properties.Single(p => p.Name == "Value").IsSensitive);
        Assert.Contains("'Parameters:missing'", await app.LogLineWith("needs", "Parameters:missing"));
    }

    [Fact]
    public async Task A_resource_that_is_started_by_hand_is()
    {
        await using var builder = TestApp.New();
        builder.AddShell("later", "echo now; exit 0").WithExplicitStart();
        await using var app = await builder.StartAsync();
        await app.Is("later", KnownResourceStates.NotStarted);
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("later", "start", TestApp.Limit)).Success);
        await app.Is("later", KnownResourceStates.Finished);
    }

    [Fact]
    public async Task Copies_share_one_address()
    {
        await using var builder = TestApp.New();
        builder.AddApi().WithReplicas(2);
        await using var app = await builder.StartAsync();
        var names = InstancesAnnotation.NamesOf(app.Services.GetRequiredService<DistributedApplicationModel>().Resources[0]);
        var pids = new HashSet<string>();
        foreach (var name in names)
        {
            var running = await app.ResourceNotifications.WaitForResourceAsync(
                "api", e => e.ResourceId == name && e.Snapshot.HealthStatus == HealthStatus.Healthy, TestApp.Limit);
            pids.Add(running.Snapshot.Pid().ToString());
        }

        Assert.Equal(2, pids.Count);
        using var client = app.CreateHttpClient("api");
        Assert.Contains(await client.GetStringAsync("/pid"), pids);
    }

    [Fact]
    public async Task A_command_of_ones_own_is_executed()
    {
        await using var builder = TestApp.New();
        builder.AddShell("one", "sleep 1000")
            .WithCommand("greet", "Replaced below", _ => Task.FromResult(CommandResults.Failure("the old one")))
            .WithCommand("careful", "Careful", _ => Task.FromResult(CommandResults.Success()), new CommandOptions
            {
                ConfirmationMessage = "Sure?",
                UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running
                    ? ResourceCommandState.Disabled : ResourceCommandState.Hidden,
            })
            .WithCommand("greet", "Greet", c => Task.FromResult(CommandResults.Success($"hello {c.ResourceName}")))
            .WithCommand("fail", "Fail", _ => throw new InvalidOperationException("no mood"));
        await using var app = await builder.StartAsync();
        var running = await app.Is("one", KnownResourceStates.Running);
        Assert.Equal(
            ("Greet", ResourceCommandState.Enabled),
            running.Commands.Where(c => c.Name == "greet").Select(c => (c.DisplayName, c.State)).Single());
        Assert.Contains(
            running.Commands, c => c is { Name: "careful", State: ResourceCommandState.Disabled, ConfirmationMessage: "Sure?" });
        Assert.StartsWith("hello one-", (await app.ResourceCommands.ExecuteCommandAsync("one", "greet", TestApp.Limit)).Message);
        Assert.Equal("no mood", (await app.ResourceCommands.ExecuteCommandAsync("one", "fail", TestApp.Limit)).Message);
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("one", "unknown", TestApp.Limit)).Success);
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("nobody", "greet", TestApp.Limit)).Success);
    }

    [Fact]
    public async Task Events_come_in_the_order_of_life()
    {
        await using var builder = TestApp.New();
        var seen = new List<string>();
        Task Note(string what)
        {
            lock (seen) seen.Add(what);
            return Task.CompletedTask;
        }

        builder.OnBeforeStart((_, _) => Note("before start"));
        builder.Eventing.Subscribe<AfterEndpointsAllocatedEvent>((_, _) => Note("endpoints allocated"));
        builder.Eventing.Subscribe<AfterResourcesCreatedEvent>((_, _) => Note("created"));
        var stopped = new TaskCompletionSource();
        builder.AddShell("one", "exit 0").WithEndpoint(scheme: "tcp")
            .OnInitializeResource((_, _, _) => Note("one initialized"))
            .OnResourceEndpointsAllocated((_, _, _) => Note("one allocated"))
            .OnBeforeResourceStarted((_, _, _) => Note("one before started"))
            .OnResourceStopped((_, _, _) =>
            {
                stopped.TrySetResult();
                return Task.CompletedTask;
            });
        await using var app = await builder.StartAsync();
        await stopped.Task.WaitAsync(TestApp.Limit);
        Assert.Equal(
            ["before start", "one initialized", "endpoints allocated", "one allocated", "one before started", "created"], seen);
    }

    [Fact]
    public async Task Datagrams_and_their_answers_go_through_the_proxy_and_directly()
    {
        await using var builder = TestApp.New();
        var api = builder.AddApi()
            .WithEndpoint(scheme: "tcp", name: "control", env: "TCP_PORT")
            .WithEndpoint(scheme: "udp", name: "media", env: "UDP_PORT", protocol: ProtocolType.Udp)
            .WithEndpoint(scheme: "udp", name: "direct", env: "DIRECT_PORT", isProxied: false, protocol: ProtocolType.Udp);
        var (media, direct) = (api.GetEndpoint("media"), api.GetEndpoint("direct"));
        api.WithEnvironment(
            "ECHO_PORTS", $"{media.Property(EndpointProperty.TargetPort)},{direct.Property(EndpointProperty.TargetPort)}");
        await using var app = await builder.StartAsync();
        await app.Healthy("api");
        using var client = app.CreateHttpClient("api", "http");
        Assert.Equal("udp", app.GetEndpoint("api", "media").Scheme);
        Assert.Equal(direct.Port.ToString(), await client.GetStringAsync("/env/DIRECT_PORT"));
        Assert.NotEqual(media.Port.ToString(), await client.GetStringAsync("/env/UDP_PORT"));
        Assert.NotEqual(app.GetEndpoint("api", "control").Port.ToString(), await client.GetStringAsync("/env/TCP_PORT"));
        Assert.Equal("ping", await EchoAsync(direct.Port));
        Assert.Equal("ping", await EchoAsync(media.Port));

        // A datagram may be lost, so it is said again until there is an answer.
        static async Task<string> EchoAsync(int port)
        {
            using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var answer = socket.ReceiveAsync(TestApp.Limit).AsTask();
            while (!answer.IsCompleted)
            {
                await socket.SendAsync("ping"u8.ToArray(), "127.0.0.1", port, TestApp.Limit);
                await Task.WhenAny(answer, Task.Delay(500));
            }

            return System.Text.Encoding.UTF8.GetString((await answer).Buffer);
        }
    }

    [Fact]
    public async Task A_port_that_is_asked_for_is_the_one_that_others_use()
    {
        var port = UnusedPort.Find();
        await using var builder = TestApp.New("--DcpPublisher:RandomizePorts=false");
        builder.AddShell("one", "sleep 1000").WithHttpEndpoint(port: port);
        await using var app = await builder.StartAsync();
        Assert.Equal(port, app.GetEndpoint("one").Port);
        Assert.False(FreePort.IsFree(port, ProtocolType.Tcp));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var builder = TestApp.New("--DcpPublisher:RandomizePorts=false");
        builder.AddShell("one", "true").WithHttpEndpoint(port: port);
        var app = await builder.BuildAsync();
        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync(TestApp.Limit));
        Assert.Contains($"Port {port} (endpoint 'http' of resource 'one') is in use", e.Message);
    }

    [Fact]
    public async Task A_missing_engine_is_named_with_what_to_do()
    {
        await using var builder = TestApp.New("--ASPIRE_BUNDLE_PATH=/nowhere");
        builder.AddShell("one", "true");
        var app = await builder.BuildAsync();
        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync(TestApp.Limit));
        Assert.Contains("/nowhere/dcp/dcp", e.Message);
        Assert.Contains("./ball setup", e.Message);
        Assert.Contains("@microsoft/aspire-cli-linux-x64", e.Message);
    }

    [Fact]
    public async Task An_unknown_resource_is_not_waited_for()
    {
        await using var builder = TestApp.New();
        builder.AddShell("one", "sleep 1000");
        await using var app = await builder.StartAsync();
        await Assert.ThrowsAsync<DistributedApplicationException>(() => app.Healthy("nobody"));
        Assert.Throws<ArgumentException>(() => app.GetEndpoint("nobody"));
        Assert.Throws<ArgumentException>(() => app.GetEndpoint("one", "http"));
    }
}
