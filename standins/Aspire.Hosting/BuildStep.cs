using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>
/// Lets the testing builder look into an AppHost program while it runs. The value belongs to one asynchronous flow, so
/// that parallel test hosts do not see each other.
/// </summary>
internal sealed class BuildStep
{
    public static AsyncLocal<BuildStep?> Current { get; } = new();

    public Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? Creating { get; init; }

    public Action<DistributedApplicationBuilder>? Created { get; init; }

    public Action<DistributedApplicationBuilder>? Building { get; init; }

    public Action<DistributedApplication>? Built { get; init; }

    /// <summary>The program has asked for the application to be started, and it was, or it failed.</summary>
    public Action<Exception?>? Started { get; init; }
}
