using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Gives commands to resources.</summary>
public class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _logs;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(
        ResourceNotificationService notifications, ResourceLoggerService logs, IServiceProvider services)
    {
        _notifications = notifications;
        _logs = logs;
        _services = services;
    }

    /// <summary>Gives a command to a resource or copy.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resourceId);
        ArgumentNullException.ThrowIfNull(commandName);
        return _notifications.TryGetCurrentState(resourceId, out var now)
            ? GiveAsync(now.Resource, now.ResourceId, commandName, cancellationToken)
            : Task.FromResult(CommandResults.Failure($"Resource '{resourceId}' not found."));
    }

    /// <summary>Gives a command to a resource; with copies, to all of them.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(commandName);
        var results = await Task.WhenAll(InstancesAnnotation.NamesOf(resource)
            .Select(id => GiveAsync(resource, id, commandName, cancellationToken))).ConfigureAwait(false);
        return results.FirstOrDefault(r => !r.Success) ?? results[0];
    }

    private async Task<ExecuteCommandResult> GiveAsync(
        IResource resource, string id, string commandName, CancellationToken cancellationToken)
    {
        var log = _logs.GetLogger(id);
        var command = resource.Annotations.OfType<ResourceCommandAnnotation>().LastOrDefault(c => c.Name == commandName);
        if (command is null)
        {
            return CommandResults.Failure($"Command '{commandName}' not available for resource '{resource.Name}'.");
        }

        log.LogInformation("Executing command '{CommandName}'.", commandName);
        try
        {
            var result = await command.ExecuteCommand(new ExecuteCommandContext
            {
                ResourceName = id,
                ServiceProvider = _services,
                Logger = log,
                CancellationToken = cancellationToken,
            }).ConfigureAwait(false);
            if (result.Success) log.LogInformation("Successfully executed command '{CommandName}'.", commandName);
            else log.LogError("Command '{CommandName}' failed: {Message}", commandName, result.Message ?? "no reason was given");
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return CommandResults.Canceled();
        }
        catch (Exception e)
        {
            log.LogError(e, "Error executing command '{CommandName}'.", commandName);
            return CommandResults.Failure(e);
        }
    }
}
