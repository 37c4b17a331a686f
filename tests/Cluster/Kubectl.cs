using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cluster;

/// <summary>The cluster, as kubectl sees it. Every call is bounded.</summary>
internal sealed class Kubectl(string overlay)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>The API server may ask a pod that has just gone, from which nothing ever comes.</summary>
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(3);

    /// <summary>Everything that the overlay describes.</summary>
    public async Task<IReadOnlyList<JsonNode>> DescribeAsync() =>
        ItemsOf(await RunAsync("apply", "-k", overlay, "--dry-run=client", "-o", "json"));

    /// <summary>What of it the cluster has.</summary>
    public async Task<IReadOnlyList<JsonNode>> DeployedAsync() =>
        ItemsOf(await RunAsync("get", "-k", overlay, "--ignore-not-found", "-o", "json"));

    public Task<string> ApplyAsync() => RunAsync(TimeSpan.FromSeconds(60), "apply", "-k", overlay);

    /// <summary>Asks for everything to go; it takes a while.</summary>
    public Task<string> DeleteAsync() =>
        RunAsync(TimeSpan.FromSeconds(60), "delete", "-k", overlay, "--ignore-not-found", "--wait=false");

    public async Task<IReadOnlyList<JsonNode>> ListAsync(string @namespace, params string[] what) =>
        ItemsOf(await RunAsync(["get", "-n", @namespace, "-o", "json", .. what]));

    /// <summary>What a Service answers, by way of the API server, so that it works wherever kubectl does.</summary>
    /// <param name="service">With the name of its port, as in server:http.</param>
    /// <returns>Null when nobody is there at the moment.</returns>
    public async Task<JsonNode?> AskAsync(string @namespace, string service, string path)
    {
        try
        {
            var url = $"/api/v1/namespaces/{@namespace}/services/{service}/proxy{path}";
            return JsonNode.Parse(await RunAsync(s_answer, "get", "--raw", url));
        }
        catch (Exception e) when (e is ClusterException or JsonException)
        {
            return null;
        }
    }

    public Task<string> RunAsync(params string[] arguments) => RunAsync(s_patience, arguments);

    /// <exception cref="ClusterException">With what kubectl says.</exception>
    public static async Task<string> RunAsync(TimeSpan patience, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            throw new ClusterException("kubectl is missing: https://kubernetes.io/docs/tasks/tools/ says how to get it.");
        }
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new ClusterException($"kubectl {arguments[0]} took longer than {patience.TotalSeconds:0} s.");
        }
        return process.ExitCode == 0
            ? await output
            : throw new ClusterException($"kubectl {string.Join(' ', arguments)}: {(await error).Trim()}");
    }

    /// <summary>One object, a list of them, or nothing at all.</summary>
    private static IReadOnlyList<JsonNode> ItemsOf(string json)
    {
        if (json.Length == 0)
            return [];
        var all = JsonNode.Parse(json)!;
        return all["items"] is JsonArray items ? [.. items.Select(item => item!)] : [all];
    }
}
