using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Orchestration;

/// <summary>Start, Stop and Restart, which every process has.</summary>
internal static class LifecycleCommands
{
    public static void AddTo(DistributedApplicationModel model)
    {
        foreach (var resource in model.Resources)
        {
            if (resource is not (ProjectResource or ExecutableResource)) continue;
            if (resource.HasAnnotationOfType<ExcludeLifecycleCommandsAnnotation>()) continue;
            foreach (var command in Commands())
            {
                if (!resource.Annotations.OfType<ResourceCommandAnnotation>().Any(c => c.Name == command.Name))
                    resource.Annotations.Add(command);
            }
        }
    }

    private static ResourceCommandAnnotation[] Commands() =>
    [
        Command(
            KnownResourceCommands.StartCommand, "Start", "Start resource", "Play", IconVariant.Filled, true,
            (orchestrator, name, cancellationToken) => orchestrator.StartResourceAsync(name, cancellationToken),
            state => IsStopped(state) || state == KnownResourceStates.Waiting ? ResourceCommandState.Enabled
                : IsBusy(state) ? ResourceCommandState.Disabled : ResourceCommandState.Hidden),
        Command(
            KnownResourceCommands.StopCommand, "Stop", "Stop resource", "Stop", IconVariant.Filled, true,
            (orchestrator, name, cancellationToken) => orchestrator.StopResourceAsync(name, cancellationToken),
            state => state == KnownResourceStates.Stopping ? ResourceCommandState.Disabled
                : IsStopped(state) || IsBusy(state) || state == KnownResourceStates.Waiting
                    ? ResourceCommandState.Hidden : ResourceCommandState.Enabled),
        Command(
            KnownResourceCommands.RestartCommand, "Restart", "Restart resource", "ArrowCounterclockwise",
            IconVariant.Regular, false,
            (orchestrator, name, cancellationToken) => orchestrator.RestartResourceAsync(name, cancellationToken),
            state => IsStopped(state) || IsBusy(state)
                || state == KnownResourceStates.Waiting || state == KnownResourceStates.Stopping
                ? ResourceCommandState.Disabled : ResourceCommandState.Enabled),
    ];

    private static ResourceCommandAnnotation Command(
        string name, string displayName, string description, string icon, IconVariant variant, bool highlighted,
        Func<Orchestrator, string, CancellationToken, Task> execute, Func<string?, ResourceCommandState> state) => new(
            name,
            displayName,
            context => state(context.ResourceSnapshot.State?.Text),
            async context =>
            {
                var orchestrator = context.ServiceProvider.GetRequiredService<Orchestrator>();
                await execute(orchestrator, context.ResourceName, context.CancellationToken).ConfigureAwait(false);
                return CommandResults.Success();
            },
            description, parameter: null, confirmationMessage: null, icon, variant, highlighted);

    private static bool IsStopped(string? state) =>
        KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.NotStarted;

    private static bool IsBusy(string? state) =>
        string.IsNullOrEmpty(state) || state == KnownResourceStates.Starting || state == KnownResourceStates.Building
        || state == KnownResourceStates.RuntimeUnhealthy;
}
