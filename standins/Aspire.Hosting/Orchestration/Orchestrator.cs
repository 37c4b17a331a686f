using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Brings the graph to life: tells the engine the endpoints, waits for their addresses, then tells it each process as soon
/// as what that process waits for is there. The processes themselves are the engine's business.
/// </summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model,
    DcpHost engine,
    LaunchPlanner planner,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IDistributedApplicationEventing eventing,
    DistributedApplicationExecutionContext executionContext,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    IServiceProvider services,
    TimeProvider time,
    ILogger<Orchestrator> logger) : IAsyncDisposable
{
    /// <summary>Generous: ports in use are found before, so all that this waits for is a busy machine.</summary>
    private static readonly TimeSpan s_addressLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, ResourceInstance> _instances = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _ending = new();
    private ILookup<IResource, EndpointPlan> _endpoints = Enumerable.Empty<EndpointPlan>().ToLookup(p => p.Resource);
    private InstanceWatcher? _watcher;

    /// <summary>Starts everything; returns when everything that starts with the application has been started.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var processes = model.Resources.Where(r => r is ProjectResource or ExecutableResource).ToArray();
        foreach (var resource in model.Resources.OfType<ContainerResource>())
        {
            throw new DistributedApplicationException(
                $"Resource '{resource.Name}' is a container. Containers are published, but not run, by this build; build with " +
                "-p:Upstream=true to run them.");
        }

        foreach (var resource in processes)
        {
            var instances = ResourceInstance.Of(resource);
            foreach (var instance in instances) _instances[instance.Name] = instance;
            resource.Annotations.Add(new InstancesAnnotation([.. instances.Select(i => i.Name)]));
        }

        foreach (var resource in model.Resources) await PublishInitialAsync(resource).ConfigureAwait(false);
        _watcher = new InstanceWatcher(
            engine.Client, _instances, notifications, logs, eventing, lifetime, services, logger, _ending.Token);
        await AllocateEndpointsAsync(cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(processes.Select(r => StartFirstAsync(r, cancellationToken))).ConfigureAwait(false);
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a resource, or a copy, that has ended, was never started, or still waits.</summary>
    public async Task StartResourceAsync(string name, CancellationToken cancellationToken)
    {
        var instance = Find(name);
        if (instance.Waiting is { } waiting)
        {
            waiting.TrySetResult();
            return;
        }

        if (StateOf(instance) is { } state && !IsStopped(state))
            throw new DistributedApplicationException($"Resource '{name}' is {state}; only a stopped resource can be started.");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        await StartAsync([instance], ending.Token).ConfigureAwait(false);
    }

    /// <summary>Stops a resource or a copy, and waits until it has ended.</summary>
    public async Task StopResourceAsync(string name, CancellationToken cancellationToken)
    {
        var instance = Find(name);
        if (instance.Waiting is not null)
            throw new DistributedApplicationException($"Resource '{name}' is not running: it waits for others.");
        await instance.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (StateOf(instance) is { } now && IsStopped(now)) return;
            await engine.Client.StopExecutableAsync(instance.Name, cancellationToken).ConfigureAwait(false);
            await notifications.WaitForResourceAsync(
                    instance.Resource.Name, e => e.ResourceId == instance.Name && IsStopped(e.Snapshot.State?.Text),
                    cancellationToken)
                .WaitAsync(s_stopLimit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new DistributedApplicationException($"Resource '{name}' did not end within {s_stopLimit.TotalSeconds:0} s.");
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    /// <summary>Stops a resource or a copy and starts it again.</summary>
    public async Task RestartResourceAsync(string name, CancellationToken cancellationToken)
    {
        await StopResourceAsync(name, cancellationToken).ConfigureAwait(false);
        await StartResourceAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends what still waits, and what watches.</summary>
    public async Task EndAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        if (_watcher is { } watcher) await watcher.Completion.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await EndAsync().ConfigureAwait(false);

    private static bool IsStopped(string? state) =>
        KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.NotStarted;

    private string? StateOf(ResourceInstance instance) =>
        notifications.TryGetCurrentState(instance.Name, out var now) ? now.Snapshot.State?.Text : null;

    private ResourceInstance Find(string name) =>
        _instances.TryGetValue(name, out var instance) ? instance
        : _instances.Values.FirstOrDefault(i => string.Equals(i.Resource.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new DistributedApplicationException($"Resource '{name}' has no process that could be started or stopped.");

    private async Task PublishInitialAsync(IResource resource)
    {
        await notifications.PublishUpdateAsync(resource, s => resource switch
        {
            ProjectResource project => s with
            {
                ResourceType = KnownResourceTypes.Project,
                Properties = s.Properties.With("project.path", project.ProjectMetadata().ProjectPath)
                    .With("project.launchProfile", DotnetProjects.LaunchProfiles.Effective(project)?.Name),
            },
            ExecutableResource executable => s with
            {
                ResourceType = KnownResourceTypes.Executable,
                Properties = s.Properties.With("executable.path", executable.Command)
                    .With("executable.workDir", executable.WorkingDirectory),
            },
            ParameterResource parameter => ParameterSnapshot(parameter, s),
            _ => s,
        }).ConfigureAwait(false);
        await eventing.PublishAsync(
            new InitializeResourceEvent(resource, eventing, logs, notifications, services), _ending.Token).ConfigureAwait(false);
    }

    private CustomResourceSnapshot ParameterSnapshot(ParameterResource parameter, CustomResourceSnapshot snapshot)
    {
        var properties = snapshot.Properties.With(CustomResourceKnownProperties.Source, parameter.ConfigurationKey);
        snapshot = snapshot with { ResourceType = KnownResourceTypes.Parameter };
        try
        {
            return snapshot with
            {
                State = KnownResourceStates.Running,
                Properties = properties.With("Value", parameter.CurrentValue, parameter.Secret),
            };
        }
        catch (MissingParameterValueException e)
        {
            logger.LogError("Parameter '{Name}' has no value: {Message}", parameter.Name, e.Message);
            return snapshot with
            {
                State = new ResourceStateSnapshot(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Error),
                Properties = properties.With("Value", e.Message),
            };
        }
    }

    private async Task AllocateEndpointsAsync(CancellationToken cancellationToken)
    {
        var randomPorts = configuration.GetValue("DcpPublisher:RandomizePorts", false);
        var plans = EndpointPlan.Make(model.Resources, randomPorts);
        _endpoints = plans.ToLookup(p => p.Resource);
        await Task.WhenAll(plans.Select(p => engine.Client.CreateAsync(
            DcpClient.Services, "Service",
            new JsonObject
            {
                ["name"] = p.ServiceName,
                ["annotations"] = new JsonObject { ["resource-name"] = p.Resource.Name, ["endpoint-name"] = p.Endpoint.Name },
            },
            p.Spec(), cancellationToken))).ConfigureAwait(false);

        var open = plans.Where(p => p.Endpoint.IsProxied).ToDictionary(p => p.ServiceName, StringComparer.Ordinal);
        foreach (var plan in plans.Where(p => !p.Endpoint.IsProxied)) Allocate(plan, plan.Port!.Value);
        var limit = configuration.GetValue("ASPIRE_SERVICE_STARTUP_WATCH_TIMEOUT", s_addressLimit);
        var began = time.GetTimestamp();
        while (open.Count > 0)
        {
            foreach (var service in await engine.Client.ListAsync(DcpClient.Services, cancellationToken).ConfigureAwait(false))
            {
                if ((int?)service!["status"]?["effectivePort"] is { } port and > 0
                    && open.Remove((string)service["metadata"]!["name"]!, out var plan)) Allocate(plan, port);
            }

            if (open.Count > 0 && time.GetElapsedTime(began) > limit)
            {
                throw new DistributedApplicationException(
                    "No address could be had for " + string.Join(", ", open.Values.Select(p => $"the {p}" +
                        (p.Port is { } port ? $" (is port {port} in use by another program?)" : ""))) + ".");
            }

            if (open.Count > 0) await Task.Delay(TimeSpan.FromMilliseconds(15), time, cancellationToken).ConfigureAwait(false);
        }

        await eventing.PublishAsync(new AfterEndpointsAllocatedEvent(services, model), cancellationToken).ConfigureAwait(false);
        foreach (var resource in model.Resources)
        {
            if (_endpoints.Contains(resource))
            {
                await eventing.PublishAsync(
                    new ResourceEndpointsAllocatedEvent(resource, services), cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (var resource in model.Resources)
        {
            var urls = await ResourceUrls.FindAsync(
                resource, executionContext, logs.GetLogger(resource), cancellationToken).ConfigureAwait(false);
            await notifications.PublishUpdateAsync(resource, s => s with { Urls = [.. urls] }).ConfigureAwait(false);
            if (resource is IResourceWithConnectionString)
            {
                await eventing.PublishAsync(
                    new ConnectionStringAvailableEvent(resource, services), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static void Allocate(EndpointPlan plan, int port) => plan.Endpoint.AllocatedEndpoint = new AllocatedEndpoint(
        plan.Endpoint,
        plan.Endpoint.TargetHost is "127.0.0.1" ? "127.0.0.1" : "localhost",
        port,
        DcpTemplate.PortForServing(plan.ServiceName));

    private async Task StartFirstAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
        {
            await notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.NotStarted })
                .ConfigureAwait(false);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        var instances = InstancesAnnotation.NamesOf(resource).Select(n => _instances[n]).ToList();
        await StartAsync(instances, ending.Token).ConfigureAwait(false);
    }

    private async Task StartAsync(IReadOnlyList<ResourceInstance> instances, CancellationToken cancellationToken)
    {
        var resource = instances[0].Resource;
        foreach (var instance in instances) instance.RetiredUid = instance.LoggedUid;
        try
        {
            await PublishAsync(s => s with
            {
                State = KnownResourceStates.Starting,
                StartTimeStamp = null,
                StopTimeStamp = null,
                ExitCode = null,
                ReadyHandled = null,
                HealthReports = [.. resource.Annotations.OfType<HealthCheckAnnotation>()
                    .Select(h => new HealthReportSnapshot(h.Key, null, null, null))],
                Properties = s.Properties.With("resource.exitCode", null).With("executable.pid", null),
            }).ConfigureAwait(false);
            await WaitAsync(instances, cancellationToken).ConfigureAwait(false);
            await eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services), cancellationToken)
                .ConfigureAwait(false);
            await PublishAsync(s => s with { State = KnownResourceStates.Starting }).ConfigureAwait(false);
            foreach (var instance in instances) await CreateAsync(instance, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception e)
        {
            var log = logs.GetLogger(resource);
            if (e is DistributedApplicationException)
            {
                log.LogError("{Message}", e.Message);
                logger.LogError("Resource '{Resource}' could not be started: {Message}", resource.Name, e.Message);
            }
            else
            {
                log.LogError(e, "Resource '{Resource}' could not be started.", resource.Name);
                logger.LogError(e, "Resource '{Resource}' could not be started.", resource.Name);
            }

            await PublishAsync(s => s with
            {
                State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
            }).ConfigureAwait(false);
        }

        async Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
        {
            foreach (var instance in instances)
                await notifications.PublishUpdateAsync(resource, instance.Name, change).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for what the resource waits for, or until somebody says to start it all the same.</summary>
    private async Task WaitAsync(IReadOnlyList<ResourceInstance> instances, CancellationToken cancellationToken)
    {
        var resource = instances[0].Resource;
        if (!resource.HasAnnotationOfType<WaitAnnotation>()) return;
        var forced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var instance in instances) instance.Waiting = forced;
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var waiting = notifications.WaitForDependenciesAsync(resource, given.Token);
            if (await Task.WhenAny(waiting, forced.Task).ConfigureAwait(false) == waiting)
            {
                await waiting.ConfigureAwait(false);
                return;
            }

            await given.CancelAsync().ConfigureAwait(false);
            await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            foreach (var instance in instances) instance.Waiting = null;
        }
    }

    private async Task CreateAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var resource = instance.Resource;
        var log = logs.GetLogger(instance.Name);
        var plan = planner.Plan(resource);
        var arguments = new JsonArray([.. plan.Arguments.Select(a => JsonValue.Create(DcpTemplate.Escape(a)))]);
        var own = new List<string>();
        var given = await ExecutionValues.ArgumentsAsync(resource, executionContext, log, cancellationToken)
            .ConfigureAwait(false);
        foreach (var argument in given)
        {
            if (await ExecutionValues.TextAsync(argument, cancellationToken).ConfigureAwait(false) is not { } text) continue;
            own.Add(text);
            arguments.Add(DcpTemplate.Escape(text));
        }

        var variables = new JsonArray();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var set = await ExecutionValues.VariablesAsync(resource, executionContext, log, cancellationToken)
            .ConfigureAwait(false);
        foreach (var (name, value) in set)
        {
            if (await ExecutionValues.TextAsync(value, cancellationToken).ConfigureAwait(false) is not { } text) continue;
            names.Add(name);
            variables.Add(new JsonObject { ["name"] = name, ["value"] = DcpTemplate.Escape(text) });
        }

        instance.OwnVariables = names;
        instance.OwnArguments = own;
        var producers = new JsonArray([.. _endpoints[resource].Select(p => p.Producer())]);
        var annotations = new JsonObject
        {
            ["resource-name"] = resource.Name,
            ["otel-service-name"] = resource.Name,
            ["otel-service-instance-id"] = instance.Suffix,
            ["resource-replica-count"] = instance.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["resource-replica-index"] = instance.Index.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        if (producers.Count > 0) annotations["service-producer"] = producers.ToJsonString();

        await instance.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await engine.Client.DeleteAsync(DcpClient.Executables, instance.Name, cancellationToken).ConfigureAwait(false);
            await engine.Client.CreateAsync(
                DcpClient.Executables, "Executable",
                new JsonObject { ["name"] = instance.Name, ["annotations"] = annotations },
                new JsonObject
                {
                    ["executablePath"] = plan.Command,
                    ["workingDirectory"] = plan.WorkingDirectory,
                    ["executionType"] = "Process",
                    ["args"] = arguments,
                    ["env"] = variables,
                    ["ambientEnvironment"] = new JsonObject { ["behavior"] = "Inherit" },
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            instance.Gate.Release();
        }
    }
}
