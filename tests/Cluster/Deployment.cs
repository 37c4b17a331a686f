using System.Text.Json.Nodes;

namespace Cluster;

/// <summary>The overlay in the cluster: what it is made of, and how it does.</summary>
internal sealed class Deployment(string overlay)
{
    private readonly Kubectl _kubectl = new(overlay);
    private string _namespace = "";
    private IReadOnlyDictionary<string, (string Selector, int Replicas)> _workloads =
        new Dictionary<string, (string, int)>();

    /// <summary>What is in the overlay's namespace, whoever put it there.</summary>
    private IReadOnlySet<string> _before = new HashSet<string>();

    /// <summary>Names of what runs pods.</summary>
    public IEnumerable<string> Workloads => _workloads.Keys;

    public string Namespace => _namespace;

    /// <exception cref="ClusterException">There is no cluster, or the deployment is there and not ours to remove.</exception>
    public async Task PrepareAsync()
    {
        try
        {
            await _kubectl.RunAsync("get", "--raw", "/readyz", "--request-timeout=5s");
        }
        catch (ClusterException e)
        {
            throw new ClusterException($"There is no cluster to test on ({e.Message}). "
                + "kubectl config current-context names the one it looks for.");
        }
        var described = await _kubectl.DescribeAsync();
        var namespaces = described.Select(item => (string?)item["metadata"]!["namespace"]).OfType<string>();
        _namespace = namespaces.FirstOrDefault() ?? "default";
        _workloads = described.Where(item => (string?)item["kind"] is "Deployment" or "StatefulSet").ToDictionary(
            item => (string)item["metadata"]!["name"]!,
            item => (SelectorOf(item), (int?)item["spec"]!["replicas"] ?? 1));
        var deployed = await _kubectl.DeployedAsync();
        if (deployed.Count > 0)
            throw new ClusterException($"The cluster has this deployment already ({string.Join(", ", deployed.Select(NameOf))}). "
                + $"The test removes what it finds, so do that first: kubectl delete -k {overlay}");
        _before = await ContentAsync();
    }

    public Task ApplyAsync() => _kubectl.ApplyAsync();

    public Task DeleteAsync() => _kubectl.DeleteAsync();

    /// <summary>What the deployment left behind.</summary>
    public async Task<IReadOnlyList<string>> LeftAsync() =>
        [.. (await _kubectl.DeployedAsync()).Select(NameOf), .. (await ContentAsync()).Except(_before).Order()];

    public async Task<IReadOnlyList<Pod>> PodsAsync(string workload) =>
        [.. (await _kubectl.ListAsync(_namespace, "pods", "-l", _workloads[workload].Selector)).Select(Pod.Of)];

    /// <summary>Whether as many pods as there should be are ready, and no others.</summary>
    /// <exception cref="ClusterException">That will never be.</exception>
    public async Task<bool> IsReadyAsync(string workload)
    {
        var pods = await PodsAsync(workload);
        if (pods.SelectMany(pod => pod.Containers).FirstOrDefault(container => container.LacksImage) is { } lacking)
            throw new ClusterException($"The cluster has no image for {lacking.Name} ({lacking.Waiting}). Build the images with "
                + "./ball images and load them: minikube image load server:latest client:latest detector:latest");
        return pods.Count == _workloads[workload].Replicas && pods.All(pod => pod is { IsReady: true, IsEnding: false });
    }

    /// <returns>Null while the server does not answer or has no sample yet.</returns>
    public async Task<Loop?> LoopAsync() => Loop.Of(await _kubectl.AskAsync(_namespace, "server:http", "/api/state"));

    public Task DeletePodAsync(Pod pod) => _kubectl.RunAsync("delete", "pod", pod.Name, "-n", _namespace, "--wait=false");

    /// <summary>Ends the program of a container, as a crash would.</summary>
    public Task EndAsync(Pod pod, Container container) =>
        _kubectl.RunAsync("exec", pod.Name, "-n", _namespace, "-c", container.Name, "--", "bash", "-c", "kill 1");

    /// <summary>What a person would look at to see what is wrong.</summary>
    public async Task<string> StoryAsync()
    {
        var story = new List<string>();
        await TellAsync("get", "pods,services", "-n", _namespace, "-o", "wide");
        await TellAsync("get", "events", "-n", _namespace, "--sort-by=.lastTimestamp");
        foreach (var (selector, _) in _workloads.Values)
            await TellAsync("logs", "-n", _namespace, "-l", selector, "--all-containers", "--prefix", "--tail=25");
        return string.Join('\n', story);

        async Task TellAsync(params string[] arguments)
        {
            story.Add($"--- kubectl {string.Join(' ', arguments)}");
            try
            {
                story.Add(await _kubectl.RunAsync(arguments));
            }
            catch (ClusterException e)
            {
                story.Add(e.Message);
            }
        }
    }

    /// <summary>Everything in the namespace but events, which stay for their hour, and leases, which are not ours.</summary>
    private async Task<IReadOnlySet<string>> ContentAsync()
    {
        var kinds = (await _kubectl.RunAsync("api-resources", "--namespaced", "--verbs=list,delete", "-o", "name"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(kind => kind.Split('.')[0] is not ("events" or "leases"));
        var names = await _kubectl.RunAsync("get", string.Join(',', kinds), "-n", _namespace, "-o", "name", "--ignore-not-found");
        return names.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
    }

    private static string SelectorOf(JsonNode workload) =>
        string.Join(',', workload["spec"]!["selector"]!["matchLabels"]!.AsObject().Select(label => $"{label.Key}={label.Value}"));

    private static string NameOf(JsonNode item) => $"{((string)item["kind"]!).ToLowerInvariant()}/{item["metadata"]!["name"]}";
}
