using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests;

/// <summary>A test's own application on the genuine engine; every wait ends.</summary>
internal static class TestApp
{
    public static CancellationToken Limit => new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token;

    public static IDistributedApplicationTestingBuilder New(params string[] args) =>
        DistributedApplicationTestingBuilder.Create(args);

    public static IResourceBuilder<ExecutableResource> AddShell(
        this IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "/bin/sh", "/", "-c", script);

    public static IResourceBuilder<ProjectResource> AddApi(this IDistributedApplicationBuilder builder, string name = "api") =>
        builder.AddProject<Projects.Playground_Api>(name).WithHttpHealthCheck("/health");

    public static async Task<DistributedApplication> StartAsync(this IDistributedApplicationTestingBuilder builder)
    {
        var app = await builder.BuildAsync(Limit);
        await app.StartAsync(Limit);
        return app;
    }

    public static Task<ResourceEvent> Healthy(this DistributedApplication app, string name) =>
        app.ResourceNotifications.WaitForResourceHealthyAsync(name, Limit);

    public static async Task<CustomResourceSnapshot> Is(this DistributedApplication app, string name, string state) =>
        (await app.ResourceNotifications.WaitForResourceAsync(name, e => e.Snapshot.State?.Text == state, Limit)).Snapshot;

    public static async Task<string> LogLineWith(this DistributedApplication app, string name, string text)
    {
        var logs = (ResourceLoggerService)app.Services.GetService(typeof(ResourceLoggerService))!;
        var resource = ((DistributedApplicationModel)app.Services.GetService(typeof(DistributedApplicationModel))!)
            .Resources.First(r => r.Name == name);
        await foreach (var lines in logs.WatchAsync(resource).WithCancellation(Limit))
        {
            foreach (var line in lines)
            {
                if (line.Content.Contains(text, StringComparison.Ordinal)) return line.Content;
            }
        }

        throw new InvalidOperationException($"The log of '{name}' ended without '{text}'.");
    }

    public static int Pid(this CustomResourceSnapshot snapshot) =>
        (int)snapshot.Properties.First(p => p.Name == "executable.pid").Value!;
}
