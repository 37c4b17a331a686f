using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Health;

/// <summary>
/// Checks the health of every resource while it runs, and says when it has become ready. A run of a resource begins when
/// it enters Running and ends when it leaves it; each run is checked anew, at once.
/// </summary>
internal sealed class ResourceHealthMonitor(
    ResourceNotificationService notifications,
    HealthCheckService healthChecks,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    TimeProvider time,
    ILogger<ResourceHealthMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan s_whenHealthy = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Run> _runs = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var update in notifications.WatchAsync(stoppingToken).ConfigureAwait(false))
                Follow(update, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }

        foreach (var run in _runs.Values) await run.EndAsync().ConfigureAwait(false);
    }

    private void Follow(ResourceEvent update, CancellationToken stoppingToken)
    {
        if (update.Resource is IResourceWithoutLifetime) return;
        var running = update.Snapshot.State?.Text == KnownResourceStates.Running;
        if (running && !_runs.ContainsKey(update.ResourceId))
        {
            var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            _runs[update.ResourceId] = new Run(ending, Task.Run(() => CheckAsync(update, ending.Token), CancellationToken.None));
        }
        else if (!running && _runs.TryRemove(update.ResourceId, out var run))
        {
            _ = run.EndAsync();
        }
    }

    private async Task CheckAsync(ResourceEvent began, CancellationToken cancellationToken)
    {
        try
        {
            await CheckUntilEndAsync(began.Resource, began.ResourceId, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
        catch (Exception e)
        {
            logger.LogError(e, "The health checks of '{ResourceId}' ended with an error.", began.ResourceId);
        }
    }

    private async Task CheckUntilEndAsync(IResource resource, string id, CancellationToken cancellationToken)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(h => h.Key).ToHashSet();
        if (keys.Count == 0)
        {
            await SayReadyAsync(resource, id, cancellationToken).ConfigureAwait(false);
            return;
        }

        var (ready, failures) = (false, 0);
        while (true)
        {
            var report = await healthChecks.CheckHealthAsync(r => keys.Contains(r.Name), cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            var now = time.GetUtcNow().UtcDateTime;
            await notifications.PublishUpdateAsync(resource, id, s => s with
            {
                HealthReports = [.. keys.Order(StringComparer.Ordinal).Select(key => Report(report, key, now))],
            }).ConfigureAwait(false);

            var healthy = report.Status == HealthStatus.Healthy && keys.All(report.Entries.ContainsKey);
            failures = healthy ? 0 : failures + 1;
            if (healthy && !ready)
            {
                ready = true;
                await SayReadyAsync(resource, id, cancellationToken).ConfigureAwait(false);
            }

            // While it comes up, somebody is probably waiting for it: ask sooner than once it has been healthy.
            var retry = TimeSpan.FromSeconds(failures * (ready ? 1 : 0.25));
            var pause = healthy ? s_whenHealthy : retry < s_longestRetry ? retry : s_longestRetry;
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static HealthReportSnapshot Report(HealthReport report, string key, DateTime now) =>
        report.Entries.TryGetValue(key, out var entry)
            ? new(key, entry.Status, entry.Description, entry.Exception?.ToString()) { LastRunAt = now }
            : new(key, HealthStatus.Unhealthy, $"A health check named '{key}' is not registered.", null) { LastRunAt = now };

    private Task SayReadyAsync(IResource resource, string id, CancellationToken cancellationToken)
    {
        // Waiters await this task themselves, so a subscriber that fails is seen by them and logged here.
        var handled = eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);
        _ = handled.ContinueWith(
            t => logger.LogError(t.Exception?.InnerException, "The ready event of '{ResourceId}' failed.", id),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return notifications.PublishUpdateAsync(resource, id, s => s with { ReadyHandled = handled });
    }

    private sealed record Run(CancellationTokenSource Ending, Task Checks)
    {
        public async Task EndAsync()
        {
            await Ending.CancelAsync().ConfigureAwait(false);
            await Checks.ConfigureAwait(false);
            Ending.Dispose();
        }
    }
}
