using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Backchannel;

/// <summary>JSON-RPC 2.0 with the Aspire CLI: length-prefixed messages over one stream.</summary>
internal sealed class BackchannelConversation(Stream stream, IHostApplicationLifetime lifetime, DashboardInfo? dashboard)
{
    private const int MaxMessage = 1024 * 1024;

    private readonly SemaphoreSlim _writing = new(1, 1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var answers = new List<Task>();
        while (await ReadAsync(cancellationToken).ConfigureAwait(false) is { } message)
        {
            answers.RemoveAll(a => a.IsCompletedSuccessfully);
            answers.Add(AnswerAsync(message, cancellationToken));
        }

        await Task.WhenAll(answers).ConfigureAwait(false);
    }

    private async Task AnswerAsync(JsonObject message, CancellationToken cancellationToken)
    {
        // Notifications carry no id and want no answer.
        if (message["id"] is not { } id) return;
        var method = (string?)message["method"];
        JsonNode? result = null;
        switch (method)
        {
            case "GetCapabilitiesAsync":
                result = new JsonArray("baseline.v2", "pipeline-steps.v1");
                break;
            case "GetDashboardUrlsAsync":
                result = new JsonObject
                {
                    ["DashboardHealthy"] = dashboard is not null,
                    ["BaseUrlWithLoginToken"] = dashboard is null
                        ? null : await dashboard.LoginUrl.WaitAsync(cancellationToken).ConfigureAwait(false),
                };
                break;
            case "GetAppHostLogEntriesAsync" or "GetResourceStatesAsync":
                result = new JsonObject { ["token"] = 1 };
                break;
            case "$/enumerator/next":
                // Nothing is streamed this way: the next item comes with the end.
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            case "RequestStopAsync":
                lifetime.StopApplication();
                break;
            case "NotifyAppHostReadyAsync" or "$/enumerator/abort":
                break;
            default:
                await WriteAsync(new JsonObject
                {
                    ["jsonrpc"] = "2.0",
                    ["id"] = id.DeepClone(),
                    ["error"] = new JsonObject { ["code"] = -32601, ["message"] = $"Method '{method}' is not known." },
                }, cancellationToken).ConfigureAwait(false);
                return;
        }

        await WriteAsync(
                new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone(), ["result"] = result }, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<JsonObject?> ReadAsync(CancellationToken cancellationToken)
    {
        var header = new StringBuilder();
        var one = new byte[1];
        while (!header.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (header.Length > 1024 || await stream.ReadAsync(one, cancellationToken).ConfigureAwait(false) == 0) return null;
            header.Append((char)one[0]);
        }

        var length = header.ToString().Split("\r\n")
            .Where(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(l => int.TryParse(l.AsSpan(15), NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) ? n : -1)
            .FirstOrDefault(-1);
        if (length is < 0 or > MaxMessage) return null;
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task WriteAsync(JsonObject message, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(message.ToJsonString());
        var header = Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n");
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync((byte[])[.. header, .. body], cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }
}
