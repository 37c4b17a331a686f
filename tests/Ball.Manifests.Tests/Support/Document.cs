using System.Text.Json.Nodes;

namespace Ball.Manifests.Tests.Support;

/// <summary>One object for Kubernetes.</summary>
internal sealed record Document(JsonObject Content, IReadOnlyList<string> Problems)
{
    public string Kind => Content["kind"]!.ToString();

    public string Name => Content["metadata"]!["name"]!.ToString();

    /// <summary>What a path leads to, as in "spec/template"; null where it leads nowhere.</summary>
    public JsonNode? At(string path) => Content.At(path);

    public override string ToString() => $"{Kind} {Name}";
}

internal static class JsonPaths
{
    public static JsonNode? At(this JsonNode node, string path) =>
        path.Split('/').Aggregate((JsonNode?)node, (here, name) => (here as JsonObject)?[name]);

    /// <summary>The objects of a list; none where there is no list.</summary>
    public static IEnumerable<JsonObject> All(this JsonNode node, string path) =>
        (node.At(path) as JsonArray ?? []).Select(item => item!.AsObject());

    public static Dictionary<string, string> Texts(this JsonNode node, string path) =>
        (node.At(path) as JsonObject ?? []).ToDictionary(pair => pair.Key, pair => pair.Value!.ToString());
}
