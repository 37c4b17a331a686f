using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Tells the application what the engine says about its processes: states and logs.</summary>
internal sealed class InstanceWatcher
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(200);
    private const int MaxFailures = 25;

    private readonly DcpClient _engine;
    private readonly ConcurrentDictionary<string, ResourceInstance> _instances;
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _logs;
    private readonly IDistributedApplicationEventing _eventing;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly IServiceProvider _services;
    private readonly ILogger _logger;
    private readonly CancellationToken _ending;
    private readonly ConcurrentDictionary<string, Task> _readers = new();

    public InstanceWatcher(
        DcpClient engine,
        ConcurrentDictionary<string, ResourceInstance> instances,
        ResourceNotificationService notifications,
        ResourceLoggerService logs,
        IDistributedApplicationEventing eventing,
        IHostApplicationLifetime lifetime,
        IServiceProvider services,
        ILogger logger,
        CancellationToken ending)
    {
        (_engine, _instances, _notifications, _logs, _eventing) = (engine, instances, notifications, logs, eventing);
        (_lifetime, _services, _logger, _ending) = (lifetime, services, logger, ending);
        Completion = Task.Run(WatchAsync, CancellationToken.None);
    }

    /// <summary>Ends when nothing is watched or read any more.</summary>
    public Task Completion { get; }

    private async Task WatchAsync()
    {
        for (var failures = 0; !_ending.IsCancellationRequested;)
        {
            try
            {
                await foreach (var (type, subject) in _engine.WatchAsync(DcpClient.Executables, _ending).ConfigureAwait(false))
                {
                    failures = 0;
                    await FollowAsync(type, subject).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or System.Text.Json.JsonException)
            {
                if (_lifetime.ApplicationStopping.IsCancellationRequested) break;
                if (++failures > MaxFailures)
                {
                    _logger.LogCritical(
                        "The Aspire engine does not answer any more ({Message}); the application ends.", e.Message);
                    _lifetime.StopApplication();
                    break;
                }
            }
            catch (Exception e)
            {
                _logger.LogError(e, "A change of a resource could not be followed.");
            }

            await Task.Delay(s_retry, _ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_readers.Values).ConfigureAwait(false);
    }

    private async Task FollowAsync(string type, JsonObject subject)
    {
        var metadata = subject["metadata"]!;
        if (type == "DELETED" || !_instances.TryGetValue((string)metadata["name"]!, out var instance)) return;
        if (subject["status"] is not JsonObject status || (string?)status["state"] is not { Length: > 0 } dcpState) return;

        var state = dcpState == "Terminated" ? KnownResourceStates.Finished : dcpState;
        var uid = (string?)metadata["uid"] ?? "";
        if (uid == instance.RetiredUid) return;
        ReadLogs(instance, uid);
        var ended = KnownResourceStates.TerminalStates.Contains(state);
        var wasEnded = _notifications.TryGetCurrentState(instance.Name, out var before)
            && KnownResourceStates.TerminalStates.Contains(before.Snapshot.State?.Text);
        await _notifications.PublishUpdateAsync(
            instance.Resource, instance.Name, s => Snapshot(s, instance, state, subject["spec"]!, status)).ConfigureAwait(false);
        if (ended && !wasEnded && _notifications.TryGetCurrentState(instance.Name, out var now))
        {
            await _eventing.PublishAsync(
                new ResourceStoppedEvent(instance.Resource, _services, now),
                EventDispatchBehavior.NonBlockingSequential, _ending).ConfigureAwait(false);
        }
    }

    private static CustomResourceSnapshot Snapshot(
        CustomResourceSnapshot s, ResourceInstance instance, string state, JsonNode spec, JsonObject status)
    {
        var ended = KnownResourceStates.TerminalStates.Contains(state);
        var exitCode = ended ? (int?)status["exitCode"] : null;
        var running = state == KnownResourceStates.Running;
        var failed = state == KnownResourceStates.FailedToStart || (ended && exitCode is not (null or 0));
        return s with
        {
            State = new ResourceStateSnapshot(state, running ? KnownResourceStateStyles.Success
                : failed ? KnownResourceStateStyles.Error : null),
            StartTimeStamp = Time(status["startupTimestamp"]),
            StopTimeStamp = ended ? Time(status["finishTimestamp"]) : null,
            ExitCode = exitCode,
            EnvironmentVariables = Variables(instance, status),
            Urls = [.. s.Urls.Select(u => u.Name is null ? u : u with { IsInactive = !running })],
            Properties = s.Properties
                .With("executable.path", (string?)spec["executablePath"])
                .With("executable.workDir", (string?)spec["workingDirectory"])
                .With("executable.args", Texts(status["effectiveArgs"]), sensitive: true)
                .With("resource.appArgs", instance.OwnArguments is { Count: > 0 } own ? own.ToArray() : null)
                .With("executable.pid", running ? (int?)status["pid"] : null)
                .With("resource.exitCode", exitCode),
        };
    }

    private static DateTime? Time(JsonNode? node) => DateTime.TryParse(
        (string?)node, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
        out var time)
        ? time
        : null;

    private static string[]? Texts(JsonNode? node) =>
        node is JsonArray { Count: > 0 } array ? [.. array.Select(n => (string?)n ?? "")] : null;

    // Only what we have set ourselves: the engine lists the whole inherited environment too, with other people's secrets.
    private static ImmutableArray<EnvironmentVariableSnapshot> Variables(ResourceInstance instance, JsonObject status) =>
        status["effectiveEnv"] is not JsonArray array ? [] :
        [
            .. array.Select(v => ((string?)v?["name"] ?? "", (string?)v?["value"]))
                .Where(v => instance.OwnVariables.Contains(v.Item1))
                .Select(v => new EnvironmentVariableSnapshot(v.Item1, v.Item2, IsFromSpec: true)),
        ];

    private void ReadLogs(ResourceInstance instance, string uid)
    {
        if (instance.LoggedUid == uid) return;
        instance.LoggedUid = uid;
        foreach (var source in (string[])["stdout", "stderr", "system"])
        {
            var key = $"{uid}/{source}";
            _readers[key] = Task.Run(() => ReadLogAsync(instance, uid, source, key), CancellationToken.None);
        }
    }

    private async Task ReadLogAsync(ResourceInstance instance, string uid, string source, string key)
    {
        for (var attempt = 0; attempt < MaxFailures && instance.LoggedUid == uid && !_ending.IsCancellationRequested; attempt++)
        {
            try
            {
                await foreach (var line in _engine.LogAsync(instance.Name, source, _ending).ConfigureAwait(false))
                {
                    attempt = MaxFailures;
                    _logs.Append(instance.Name, line, source == "stderr");
                }

                break;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // The log may not be there yet, or the process has been replaced.
                await Task.Delay(s_retry, _ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        _readers.TryRemove(key, out _);
    }
}
