using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Repeats the console logs of the resources in the AppHost's own log (tests like to see them).</summary>
internal sealed class ResourceLogForwarder(
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ILoggerFactory loggers,
    IConfiguration configuration) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var readers = new Dictionary<string, Task>();
        var prefix = configuration["AppHost:DashboardApplicationName"];
        try
        {
            await foreach (var update in notifications.WatchAsync(stoppingToken).ConfigureAwait(false))
            {
                if (readers.ContainsKey(update.ResourceId)) continue;
                var logger = loggers.CreateLogger($"{prefix}.Resources.{update.ResourceId}");
                readers[update.ResourceId] = ForwardAsync(update.ResourceId, logger, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }

        await Task.WhenAll(readers.Values).ConfigureAwait(false);
    }

    private async Task ForwardAsync(string name, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var lines in logs.WatchAsync(name).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                foreach (var line in lines)
                {
                    logger.Log(line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, "{LineNumber}: {Line}",
                        line.LineNumber, line.Content);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
    }
}
