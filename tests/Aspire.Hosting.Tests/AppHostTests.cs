using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests;

public class AppHostTests
{
    [Fact]
    public async Task An_AppHost_is_tested_and_changed()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Playground_AppHost>(
            ["--Parameters:greeting=unused"], TestApp.Limit);
        builder.CreateResourceBuilder<ProjectResource>("api").WithEnvironment("CHANGED", "by the test");
        await using var app = await builder.BuildAsync(TestApp.Limit);
        await app.StartAsync(TestApp.Limit);
        await app.Healthy("front");
        using var client = app.CreateHttpClient("api");
        Assert.Equal("by the test", await client.GetStringAsync("/env/CHANGED"));
        Assert.Equal("hello", await client.GetStringAsync("/env/GREETING"));
        Assert.Equal("http", await client.GetStringAsync("/env/PLAYGROUND_PROFILE"));
        Assert.NotEqual(15290, app.GetEndpoint("api").Port);
    }

    [Fact]
    public async Task Two_tests_of_one_AppHost_run_beside_each_other()
    {
        var addresses = await Task.WhenAll(RunAsync(), RunAsync());
        Assert.NotEqual(addresses[0], addresses[1]);

        static async Task<Uri> RunAsync()
        {
            await using var builder =
                await DistributedApplicationTestingBuilder.CreateAsync<Projects.Playground_AppHost>(TestApp.Limit);
            await using var app = await builder.BuildAsync(TestApp.Limit);
            await app.StartAsync(TestApp.Limit);
            await app.Healthy("api");
            return app.GetEndpoint("api");
        }
    }

    [Fact]
    public async Task A_program_that_fails_is_reported()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            DistributedApplicationTestingBuilder.CreateAsync<Projects.Playground_AppHost>(
                ["--Playground:FailToBuild=true"], TestApp.Limit));
        Assert.Equal("told to fail", e.Message);
    }

    [Fact]
    public async Task An_application_that_is_never_started_can_be_disposed_of()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Playground_AppHost>(TestApp.Limit);
        await builder.DisposeAsync();
        builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Playground_AppHost>(TestApp.Limit);
        await builder.BuildAsync(TestApp.Limit);
        await builder.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_runs_any_more_when_a_test_has_disposed_of_its_builder()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Playground_AppHost>(TestApp.Limit);
        var app = await builder.BuildAsync(TestApp.Limit);
        await app.StartAsync(TestApp.Limit);
        var process = (await app.Healthy("api")).Snapshot.Pid();
        await builder.DisposeAsync();
        Assert.False(Directory.Exists($"/proc/{process}"), $"process {process} is still there");
    }

    [Theory]
    [InlineData("--Playground:Broken=name", "'has space' is invalid")]
    [InlineData("--Playground:Broken=twice", "with that name already exists")]
    [InlineData("--Playground:Broken=path", "Gone.csproj' of resource 'gone' was not found")]
    [InlineData("--Playground:Broken=circle", "wait for each other in a circle: 'api' -> 'second' -> 'api'")]
    [InlineData("--ASPIRE_BUNDLE_PATH=/nowhere", "Run './ball setup'")]
    public async Task What_a_user_gets_wrong_is_said_in_one_line(string wrong, string said)
    {
        using var host = Start(Guid.NewGuid().ToString("N"), wrong);
        var output = host.StandardOutput.ReadToEndAsync(TestApp.Limit);
        var errors = await host.StandardError.ReadToEndAsync(TestApp.Limit);
        await host.WaitForExitAsync(TestApp.Limit);
        Assert.Contains(said, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.DoesNotContain("fail:", await output);
        Assert.Equal(2, host.ExitCode);
    }

    [Fact]
    public async Task A_port_that_the_Dashboard_needs_and_another_program_has_is_said_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var host = Start(
            Guid.NewGuid().ToString("N"), $"--ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL=http://localhost:{port}");
        var output = host.StandardOutput.ReadToEndAsync(TestApp.Limit);
        var errors = await host.StandardError.ReadToEndAsync(TestApp.Limit);
        await host.WaitForExitAsync(TestApp.Limit);
        Assert.Equal(
            $"Port {port} (the Dashboard's resource service, ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL) is in use by another " +
            "program. End that program, or choose another port.", errors.TrimEnd());
        Assert.DoesNotContain("fail:", await output);
        Assert.Equal(2, host.ExitCode);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task No_process_is_left_when_an_AppHost_ends(string signal)
    {
        var mark = Guid.NewGuid().ToString("N");
        using var host = Start(mark);
        var login = await LineWithAsync(host, "Login to the dashboard at ");
        Assert.Matches("http://localhost:[0-9]+/login[?]t=[0-9a-f]{32}", login);
        Assert.NotEmpty(Marked(mark));

        using (var kill = Process.Start("kill", [$"-{signal}", host.Id.ToString()])) await kill.WaitForExitAsync(TestApp.Limit);
        await host.WaitForExitAsync(TestApp.Limit);
        var limit = TestApp.Limit;
        while (Marked(mark) is { Count: > 0 } left)
        {
            Assert.False(limit.IsCancellationRequested, $"left: {string.Join(", ", left)}");
            await Task.Delay(100);
        }
    }

    private static Process Start(string mark, params string[] args)
    {
        var dll = typeof(Projects.Playground_AppHost).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [dll, "--DcpPublisher:RandomizePorts=true", .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = args.Length > 0,
            WorkingDirectory = Projects.Playground_AppHost.ProjectPath,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["PLAYGROUND_MARK"] = mark;
        return Process.Start(start)!;
    }

    private static async Task<string> LineWithAsync(Process process, string text)
    {
        var limit = TestApp.Limit;
        while (await process.StandardOutput.ReadLineAsync(limit) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal)) return line;
        }

        throw new InvalidOperationException($"The AppHost ended without saying '{text}'.");
    }

    /// <summary>
    /// All processes that have inherited the mark: the AppHost's, the engine's, the Dashboard's, the resources'.
    /// </summary>
    private static List<string> Marked(string mark)
    {
        var found = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Join(folder, "environ")).Contains(mark, StringComparison.Ordinal))
                    found.Add(File.ReadAllText(Path.Join(folder, "cmdline")).Replace('\0', ' '));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has just ended.
            }
        }

        return found;
    }
}
