using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>How the resources are doing: published here, watched and waited for here.</summary>
public class ResourceNotificationService(
    ILogger<ResourceNotificationService> logger,
    IHostApplicationLifetime hostApplicationLifetime,
    IServiceProvider serviceProvider,
    ResourceLoggerService resourceLoggerService) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _latest = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly CancellationTokenSource _disposed = new();

    private WaitBehavior DefaultWaitBehavior =>
        serviceProvider.GetService<IOptions<ResourceNotificationServiceOptions>>()?.Value.DefaultWaitBehavior
        ?? WaitBehavior.StopOnResourceUnavailable;

    /// <summary>Publishes a change of a resource; with copies, of all of them.</summary>
    public async Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        foreach (var name in InstancesAnnotation.NamesOf(resource))
            await PublishUpdateAsync(resource, name, stateFactory).ConfigureAwait(false);
    }

    /// <summary>Publishes a change of a resource, or of one copy.</summary>
    public Task PublishUpdateAsync(
        IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(resourceId);
        ArgumentNullException.ThrowIfNull(stateFactory);
        lock (_lock)
        {
            var before = _latest.TryGetValue(resourceId, out var latest) ? latest.Snapshot : Initial(resource);
            var after = WithCommands(resource, stateFactory(before));
            if (latest is not null && ReferenceEquals(before, after)) return Task.CompletedTask;
            var update = new ResourceEvent(resource, resourceId, after);
            _latest[resourceId] = update;
            if (before.State?.Text != after.State?.Text)
                logger.LogDebug("Resource {ResourceId} is now {State}.", resourceId, after.State?.Text);
            foreach (var watcher in _watchers) watcher.Writer.TryWrite(update);
        }

        return Task.CompletedTask;
    }

    /// <summary>How a resource or copy is now.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        ArgumentNullException.ThrowIfNull(resourceId);
        lock (_lock)
        {
            if (_latest.TryGetValue(resourceId, out resourceEvent)) return true;

            // The plain name stands for the only copy.
            var copies = _latest.Values.Where(e => NameIs(e, resourceId)).Take(2).ToArray();
            resourceEvent = copies.Length == 1 ? copies[0] : null;
            return resourceEvent is not null;
        }
    }

    /// <summary>Everything as it is now, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Unbounded, because a waiter must not miss a state that passes quickly; changes of state are few, and a watcher
        // that has gone is removed below.
        var channel = Channel.CreateUnbounded<ResourceEvent>(new UnboundedChannelOptions { SingleReader = true });
        lock (_lock)
        {
            foreach (var latest in _latest.Values) channel.Writer.TryWrite(latest);
            _watchers.Add(channel);
        }

        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(
                cancellationToken, _disposed.Token, hostApplicationLifetime.ApplicationStopped);
            await foreach (var update in channel.Reader.ReadAllAsync(ending.Token).ConfigureAwait(false)) yield return update;
        }
        finally
        {
            lock (_lock) _watchers.Remove(channel);
        }
    }

    /// <summary>Waits until a resource is in a state; Running, if none is given.</summary>
    public Task WaitForResourceAsync(
        string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(
            resourceName, [string.IsNullOrEmpty(targetState) ? KnownResourceStates.Running : targetState], cancellationToken);

    /// <summary>Waits until a resource is in one of some states, and says in which.</summary>
    public async Task<string> WaitForResourceAsync(
        string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(targetStates);
        var states = targetStates.ToArray();
        var found = await FirstAsync(
            resourceName, e => states.Contains(e.Snapshot.State?.Text, StringComparer.OrdinalIgnoreCase),
            $"failed to reach one of the target states: [{string.Join(", ", states)}]", cancellationToken).ConfigureAwait(false);
        return found.Snapshot.State!.Text;
    }

    /// <summary>Waits until something is true of a resource.</summary>
    public Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return FirstAsync(resourceName, predicate, "failed to meet the predicate condition", cancellationToken);
    }

    /// <summary>Waits until a resource runs, is healthy and has dealt with being ready.</summary>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Waits until a resource runs, is healthy and has dealt with being ready.</summary>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var stop = waitBehavior == WaitBehavior.StopOnResourceUnavailable;
        if (stop && serviceProvider.GetService<DistributedApplicationModel>() is { } model
            && !model.Resources.TryGetByName(resourceName, out _))
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it does not exist " +
                "in the application model.");
        }

        const string what = "failed to become healthy";
        var found = await FirstAsync(
            resourceName, e => e.Snapshot.HealthStatus == HealthStatus.Healthy || (stop && IsUnavailable(e.Snapshot)),
            what, cancellationToken).ConfigureAwait(false);
        if (found.Snapshot.HealthStatus != HealthStatus.Healthy)
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start.");
        }

        var id = found.ResourceId;
        found = await FirstAsync(
            resourceName, e => e.ResourceId == id && e.Snapshot.ReadyHandled is not null, what, cancellationToken)
            .ConfigureAwait(false);
        await found.Snapshot.ReadyHandled!.WaitAsync(cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>Waits for everything that the start of a resource waits for.</summary>
    public async Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var waits = resource.Annotations.OfType<WaitAnnotation>()
            .Where(w => w.Resource is not IResourceWithoutLifetime).ToArray();
        if (waits.Length == 0) return;

        var open = waits.Select(w => w.Resource.Name).ToList();
        await SayWaitingAsync().ConfigureAwait(false);

        // The first one that fails ends the others: there is nothing left to wait for.
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = waits.Select(WaitAsync).ToArray();
        try
        {
            await Task.WhenAll(tasks).ConfigureAwait(false);
        }
        catch (Exception)
        {
            throw tasks.Select(t => t.Exception?.InnerException).OfType<DistributedApplicationException>().FirstOrDefault()
                ?? (Exception?)tasks.Select(t => t.Exception?.InnerException).FirstOrDefault(e => e is not null)
                ?? new OperationCanceledException(
                    $"Resource '{resource.Name}' failed to wait for dependencies before the operation was cancelled.",
                    cancellationToken);
        }

        async Task WaitAsync(WaitAnnotation wait)
        {
            try
            {
                var copies = InstancesAnnotation.NamesOf(wait.Resource)
                    .Select(id => WaitForOneAsync(resource, wait, id, failed.Token));
                await Task.WhenAll(copies).ConfigureAwait(false);
            }
            catch (DistributedApplicationException)
            {
                await failed.CancelAsync().ConfigureAwait(false);
                throw;
            }

            lock (open) open.Remove(wait.Resource.Name);
            await SayWaitingAsync().ConfigureAwait(false);
        }

        Task SayWaitingAsync()
        {
            string[] names;
            lock (open) names = [.. open.Distinct()];
            return PublishUpdateAsync(resource, s => s with
            {
                State = names.Length > 0 && s.State?.Text is null or "Starting" or "NotStarted" or "Waiting"
                    ? KnownResourceStates.Waiting
                    : s.State,
                Properties = s.Properties.With("resource.waitingFor", names.Length > 0 ? names : null),
            });
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed.Cancel();
        GC.SuppressFinalize(this);
    }

    private static bool IsUnavailable(CustomResourceSnapshot snapshot) =>
        KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text)
        || snapshot.State?.Text == KnownResourceStates.RuntimeUnhealthy;

    private static bool NameIs(ResourceEvent update, string name) =>
        string.Equals(update.Resource.Name, name, StringComparison.OrdinalIgnoreCase);

    private static CustomResourceSnapshot Initial(IResource resource)
    {
        var snapshot = resource.TryGetLastAnnotation<ResourceSnapshotAnnotation>(out var initial)
            ? initial.InitialSnapshot
            : new CustomResourceSnapshot { ResourceType = resource.GetType().Name.Replace("Resource", ""), Properties = [] };
        var icon = resource.Annotations.OfType<ResourceIconAnnotation>().LastOrDefault();
        return snapshot with
        {
            // From the first word on: the Dashboard refuses a resource without it.
            CreationTimeStamp = snapshot.CreationTimeStamp ?? DateTime.UtcNow,
            IconName = icon?.IconName ?? snapshot.IconName,
            IconVariant = icon?.IconVariant ?? snapshot.IconVariant,
            IsHidden = snapshot.IsHidden || resource.HasAnnotationOfType<HiddenAnnotation>(),
            Relationships = [.. snapshot.Relationships, .. resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                .Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type)).Distinct()],
        };
    }

    private CustomResourceSnapshot WithCommands(IResource resource, CustomResourceSnapshot snapshot)
    {
        var commands = resource.Annotations.OfType<ResourceCommandAnnotation>().ToArray();
        if (commands.Length == 0) return snapshot;
        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, ServiceProvider = serviceProvider };
        return snapshot with { Commands = [.. commands.Select(c => Snapshot(c, context))] };
    }

    private ResourceCommandSnapshot Snapshot(ResourceCommandAnnotation command, UpdateCommandStateContext context)
    {
        var state = ResourceCommandState.Disabled;
        try
        {
            state = command.UpdateState(context);
        }
        catch (Exception e)
        {
            logger.LogError(e, "The state of command '{Command}' could not be found.", command.Name);
        }

        return new ResourceCommandSnapshot(
            command.Name, state, command.DisplayName, command.DisplayDescription, Parameter: null, command.ConfirmationMessage,
            command.IconName, command.IconVariant, command.IsHighlighted);
    }

    private async Task WaitForOneAsync(IResource resource, WaitAnnotation wait, string id, CancellationToken cancellationToken)
    {
        var log = resourceLoggerService.GetLogger(resource);
        var name = wait.Resource.Name;
        if (wait.WaitType == WaitType.WaitForCompletion)
        {
            log.LogInformation("Waiting for resource '{ResourceName}' to complete.", name);
            var ended = await FirstAsync(
                name, e => e.ResourceId == id && (IsUnavailable(e.Snapshot) || e.Snapshot.ExitCode is not null),
                "failed to reach a terminal state", cancellationToken).ConfigureAwait(false);
            var (state, exitCode) = (ended.Snapshot.State?.Text, ended.Snapshot.ExitCode);
            if (state == KnownResourceStates.FailedToStart) throw GivenUp("because it failed to start");
            if (exitCode is not null && exitCode != wait.ExitCode)
            {
                throw GivenUp(
                    $"because it entered the '{state}' state with exit code '{exitCode}', expected '{wait.ExitCode}'");
            }

            log.LogInformation("Finished waiting for resource '{ResourceName}'.", name);
            return;
        }

        var stop = (wait.WaitBehavior ?? DefaultWaitBehavior) == WaitBehavior.StopOnResourceUnavailable;
        log.LogInformation(
            "Waiting for resource '{ResourceName}' to enter the '{State}' state.", name, KnownResourceStates.Running);
        var running = await FirstAsync(
            name, e => e.ResourceId == id
                && (e.Snapshot.State?.Text == KnownResourceStates.Running || (stop && IsUnavailable(e.Snapshot))),
            "failed to reach the 'Running' state", cancellationToken).ConfigureAwait(false);
        RefuseUnavailable(running);

        if (wait.WaitType == WaitType.WaitUntilHealthy)
        {
            if (wait.Resource.HasAnnotationOfType<HealthCheckAnnotation>())
                log.LogInformation("Waiting for resource '{ResourceName}' to become healthy.", name);
            var ready = await FirstAsync(
                name, e => e.ResourceId == id
                    && ((e.Snapshot.HealthStatus == HealthStatus.Healthy && e.Snapshot.ReadyHandled is not null)
                        || (stop && IsUnavailable(e.Snapshot))),
                "failed to become healthy", cancellationToken).ConfigureAwait(false);
            RefuseUnavailable(ready);
            await ready.Snapshot.ReadyHandled!.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        log.LogInformation("Finished waiting for resource '{ResourceName}'.", name);

        void RefuseUnavailable(ResourceEvent update)
        {
            if (!IsUnavailable(update.Snapshot)) return;
            throw GivenUp(update.Snapshot.State?.Text == KnownResourceStates.FailedToStart
                ? "because it failed to start"
                : $"because it entered the '{update.Snapshot.State?.Text}' state prematurely");
        }

        DistributedApplicationException GivenUp(string why)
        {
            var message = $"Resource '{resource.Name}' stopped waiting for dependency resource '{name}' {why}.";
            log.LogError("{Message}", message);
            return new DistributedApplicationException(message);
        }
    }

    private async Task<ResourceEvent> FirstAsync(
        string name, Func<ResourceEvent, bool> predicate, string failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            await foreach (var update in WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                if (NameIs(update, name) && predicate(update)) return update;
            }
        }
        catch (OperationCanceledException e)
        {
            var state = TryGetCurrentState(name, out var now) ? $" It is {now.Snapshot.State?.Text ?? "not started"}." : "";
            throw new OperationCanceledException(
                $"Resource '{name}' {failure} before the operation was cancelled.{state}", e, e.CancellationToken);
        }

        throw new OperationCanceledException($"Resource '{name}' {failure} before the operation was cancelled.");
    }
}
