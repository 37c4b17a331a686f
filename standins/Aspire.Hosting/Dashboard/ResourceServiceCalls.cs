using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Http;
using Wire = Aspire.Hosting.Dashboard.Protocol;

namespace Aspire.Hosting.Dashboard;

/// <summary>The calls of the Dashboard's resource service.</summary>
internal sealed class ResourceServiceCalls(
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    string applicationName,
    CancellationToken stopping)
{
    private const string Prefix = "/aspire.v1.DashboardService/";

    public async Task ServeAsync(HttpContext context)
    {
        var call = new GrpcCall(context);
        var path = context.Request.Path.Value ?? "";
        var method = path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : "";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            switch (method)
            {
                case "GetApplicationInformation":
                    var told = new Wire.ApplicationInformationResponse { ApplicationName = applicationName };
                    await call.WriteAsync(told).ConfigureAwait(false);
                    break;
                case "WatchResources":
                    await call.ReadAsync(Wire.WatchResourcesRequest.Parser).ConfigureAwait(false);
                    await WatchResourcesAsync(call, ending.Token).ConfigureAwait(false);
                    break;
                case "WatchResourceConsoleLogs":
                    var asked = await call.ReadAsync(Wire.WatchResourceConsoleLogsRequest.Parser).ConfigureAwait(false);
                    await WatchLogsAsync(call, asked, ending.Token).ConfigureAwait(false);
                    break;
                case "ExecuteResourceCommand":
                    var command = await call.ReadAsync(Wire.ResourceCommandRequest.Parser).ConfigureAwait(false);
                    await call.WriteAsync(await ExecuteAsync(command, ending.Token).ConfigureAwait(false)).ConfigureAwait(false);
                    break;
                case "WatchInteractions":
                    // Nothing here asks the user anything. But a Dashboard that is refused may wait for its connection for ever.
                    await call.BeginAsync().ConfigureAwait(false);
                    await Task.Delay(Timeout.InfiniteTimeSpan, ending.Token).ConfigureAwait(false);
                    break;
                default:
                    GrpcCall.Refuse(context, GrpcCall.Unimplemented);
                    return;
            }

            call.End(GrpcCall.Ok);
        }
        catch (OperationCanceledException)
        {
            call.End(GrpcCall.Cancelled);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or Google.Protobuf.InvalidProtocolBufferException)
        {
            call.End(GrpcCall.Internal);
        }
    }

    private async Task WatchResourcesAsync(GrpcCall call, CancellationToken cancellationToken)
    {
        await call.BeginAsync().ConfigureAwait(false);
        await call.WriteAsync(new Wire.WatchResourcesUpdate { InitialData = new Wire.InitialResourceData() })
            .ConfigureAwait(false);
        await foreach (var update in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            var changes = new Wire.WatchResourcesChanges();
            changes.Value.Add(new Wire.WatchResourcesChange { Upsert = ResourceMessage.From(update) });
            await call.WriteAsync(new Wire.WatchResourcesUpdate { Changes = changes }).ConfigureAwait(false);
        }
    }

    private async Task WatchLogsAsync(
        GrpcCall call, Wire.WatchResourceConsoleLogsRequest asked, CancellationToken cancellationToken)
    {
        await call.BeginAsync().ConfigureAwait(false);
        var lines = asked.SuppressFollow ? logs.GetAllAsync(asked.ResourceName) : logs.WatchAsync(asked.ResourceName);
        await foreach (var some in lines.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var update = new Wire.WatchResourceConsoleLogsUpdate();
            foreach (var line in some)
            {
                update.LogLines.Add(new Wire.ConsoleLogLine
                {
                    Text = line.Content,
                    IsStdErr = line.IsErrorMessage,
                    LineNumber = line.LineNumber,
                });
            }

            await call.WriteAsync(update).ConfigureAwait(false);
        }
    }

    private async Task<Wire.ResourceCommandResponse> ExecuteAsync(
        Wire.ResourceCommandRequest command, CancellationToken cancellationToken)
    {
        var result = await commands.ExecuteCommandAsync(command.ResourceName, command.CommandName, cancellationToken)
            .ConfigureAwait(false);
        var response = new Wire.ResourceCommandResponse
        {
            Kind = result.Success ? Wire.ResourceCommandResponseKind.Succeeded
                : result.Canceled ? Wire.ResourceCommandResponseKind.Cancelled
                : Wire.ResourceCommandResponseKind.Failed,
        };
        if (result.Message is not null) response.Message = result.Message;
        return response;
    }
}
