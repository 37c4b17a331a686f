using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Ball.Manifests.Tests.Support;

/// <summary>Everything that applying a folder of manifests would create.</summary>
internal sealed class Rendering
{
    private static readonly ConcurrentDictionary<string, Lazy<Rendering>> s_rendered = new();

    private Rendering(IReadOnlyList<Document> documents)
    {
        Documents = documents;
        Pods = [.. Of("Deployment").Select(deployment => new Pod(this, deployment))];
    }

    public IReadOnlyList<Document> Documents { get; }

    /// <summary>The templates of all pods.</summary>
    public IReadOnlyList<Pod> Pods { get; }

    /// <param name="folder">Below manifests/.</param>
    public static Rendering For(string folder) => s_rendered.GetOrAdd(folder, _ => new(() => new Rendering(
        Check(Command.Run("kubectl", ["kustomize", Path.Join(Repository.Manifests, folder)]))))).Value;

    /// <summary>Reads YAML, and checks each document against Kubernetes' schemas.</summary>
    public static IReadOnlyList<Document> Check(string yaml)
    {
        var checkedOnes = JsonNode.Parse(Command.Run("node", [Path.Join(Repository.Checker, "check.js")], yaml))!.AsArray();
        return [.. checkedOnes.Select(one => new Document(
            one!["document"] as JsonObject ?? [], [.. one["problems"]!.AsArray().Select(problem => problem!.ToString())]))];
    }

    public IEnumerable<Document> Of(string kind) => Documents.Where(document => document.Kind == kind);

    public Document? Find(string kind, string name) => Of(kind).SingleOrDefault(document => document.Name == name);
}
