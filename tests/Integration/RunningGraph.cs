using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Integration;

/// <summary>The whole graph, started by the AppHost's own program in this process; ended when disposed of.</summary>
internal sealed class RunningGraph : IAsyncDisposable
{
    public static readonly string[] Names = ["server", "client", "detector"];

    /// <summary>For anything that should take seconds at most, on a machine that may be busy.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string> _ids = [];

    private RunningGraph(DistributedApplication app) => App = app;

    public DistributedApplication App { get; }

    public ResourceNotificationService Resources => App.Services.GetRequiredService<ResourceNotificationService>();

    /// <param name="change">What this test wants otherwise.</param>
    public static async Task<RunningGraph> StartAsync(Action<IDistributedApplicationBuilder>? change = null)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.BallAspire_AppHost>(["--headless=true"]);
        change?.Invoke(builder);
        var app = await builder.BuildAsync().WaitAsync(Patience);
        await app.StartAsync().WaitAsync(Patience);
        return new RunningGraph(app);
    }

    public async Task WaitUntilHealthyAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        foreach (var name in Names)
            await Resources.WaitForResourceHealthyAsync(name, limit.Token);
    }

    /// <summary>The process that runs a resource now.</summary>
    public int ProcessOf(string name) => ProcessOf(Now(name).Snapshot) ?? throw new InvalidOperationException($"No {name} runs.");

    /// <summary>The process that a snapshot tells of; null where none runs.</summary>
    public static int? ProcessOf(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } pid
            ? Convert.ToInt32(pid, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    public ResourceEvent Now(string name) =>
        Resources.TryGetCurrentState(IdOf(name), out var now) ? now : throw new InvalidOperationException($"There is no {name}.");

    public async Task<ResourceEvent> WaitUntilAsync(string name, Func<CustomResourceSnapshot, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await Resources.WaitForResourceAsync(name, change => condition(change.Snapshot), limit.Token);
    }

    /// <summary>Waits for a line of a process's log.</summary>
    public async Task<string> LineAsync(string name, Func<string, bool> isWanted)
    {
        using var limit = new CancellationTokenSource(Patience);
        var logs = App.Services.GetRequiredService<ResourceLoggerService>();
        await foreach (var lines in logs.WatchAsync(IdOf(name)).WithCancellation(limit.Token))
        {
            if (lines.Select(line => line.Content).FirstOrDefault(isWanted) is { } wanted)
                return wanted;
        }
        throw new InvalidOperationException($"{name} ended its log without the line that was waited for.");
    }

    public async Task CommandAsync(string name, string command)
    {
        var result = await App.ResourceCommands.ExecuteCommandAsync(IdOf(name), command).WaitAsync(Patience);
        if (!result.Success)
            throw new InvalidOperationException($"The engine did not {command} the {name}: {result.Message}");
    }

    public async ValueTask DisposeAsync() => await App.DisposeAsync();

    private string IdOf(string name) =>
        _ids.TryGetValue(name, out var id) ? id : _ids[name] = FindIdAsync(name).GetAwaiter().GetResult();

    private async Task<string> FindIdAsync(string name)
    {
        using var limit = new CancellationTokenSource(Patience);
        return (await Resources.WaitForResourceAsync(name, _ => true, limit.Token)).ResourceId;
    }
}
