using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.Dcp;

/// <summary>Speaks the engine's interface: Kubernetes' style of REST.</summary>
internal sealed class DcpClient : IDisposable
{
    public const string Executables = "executables";
    public const string Services = "services";

    private const string Group = "usvc-dev.developer.microsoft.com/v1";

    private readonly HttpClient _http;

    public DcpClient(Uri server, string token, string certificateThumbprint)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate is not null && certificate.GetCertHashString() == certificateThumbprint,
            },
        })
        {
            BaseAddress = server,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task CreateAsync(
        string plural, string kind, JsonObject metadata, JsonObject spec, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["apiVersion"] = Group, ["kind"] = kind, ["metadata"] = metadata, ["spec"] = spec };
        using var response = await _http.PostAsync(Path(plural), Json(body, "application/json"), cancellationToken)
            .ConfigureAwait(false);
        if (response.IsSuccessStatusCode) return;
        var answer = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        throw new DistributedApplicationException(
            $"The Aspire engine refused {kind.ToLowerInvariant()} '{metadata["name"]}' " +
            $"({(int)response.StatusCode}): {Reason(answer)}");
    }

    public async Task<JsonObject?> GetAsync(string plural, string name, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(Path(plural, name), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false))!.AsObject();
    }

    public async Task<JsonArray> ListAsync(string plural, CancellationToken cancellationToken)
    {
        var list = JsonNode.Parse(await _http.GetStringAsync(Path(plural), cancellationToken).ConfigureAwait(false));
        return list?["items"]?.AsArray() ?? [];
    }

    /// <summary>Deletes an object and waits until it has gone; a process that it stands for ends first.</summary>
    public async Task DeleteAsync(string plural, string name, CancellationToken cancellationToken)
    {
        using (await _http.DeleteAsync(Path(plural, name), cancellationToken).ConfigureAwait(false))
        {
            while (await GetAsync(plural, name, cancellationToken).ConfigureAwait(false) is not null)
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks a process to end: politely, then after some seconds by force.</summary>
    public async Task StopExecutableAsync(string name, CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["spec"] = new JsonObject { ["stop"] = true } };
        using var response = await _http.PatchAsync(
            Path(Executables, name), Json(patch, "application/merge-patch+json"), cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Every object as it is now, then every change, until the engine ends the stream.</summary>
    public async IAsyncEnumerable<(string Type, JsonObject Object)> WatchAsync(
        string plural, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in LinesAsync(Path(plural) + "?watch=true", cancellationToken).ConfigureAwait(false))
        {
            if (line.Length == 0) continue;
            var change = JsonNode.Parse(line)!;
            if (change["object"] is JsonObject subject) yield return ((string)change["type"]!, subject);
        }
    }

    /// <summary>A log of a process, from its beginning to its end: <c>stdout</c>, <c>stderr</c> or <c>system</c>.</summary>
    public IAsyncEnumerable<string> LogAsync(string name, string source, CancellationToken cancellationToken) => LinesAsync(
        Path(Executables, name) + $"/log?source={source}&follow=true&timestamps=true&line_numbers=false", cancellationToken);

    public async Task BeginShutdownAsync(CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["status"] = "Stopping", ["shutdownResourceCleanup"] = "Full" };
        using var response = await _http.PatchAsync(
            "/admin/execution", Json(patch, "application/merge-patch+json"), cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }

    public async Task<bool> HasExecutablesAsync(CancellationToken cancellationToken) =>
        (await ListAsync(Executables, cancellationToken).ConfigureAwait(false)).Count > 0;

    public void Dispose() => _http.Dispose();

    private static string Path(string plural, string? name = null) =>
        $"/apis/{Group}/{plural}" + (name is null ? "" : "/" + Uri.EscapeDataString(name));

    // Without a charset: the engine wants the bare type.
    private static StringContent Json(JsonObject body, string type) =>
        new(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(type));

    private static string Reason(string answer)
    {
        try
        {
            return (string?)JsonNode.Parse(answer)?["message"] ?? answer;
        }
        catch (JsonException)
        {
            return answer;
        }
    }

    private async IAsyncEnumerable<string> LinesAsync(string url, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line) yield return line;
    }
}
