using System.Text.Json.Nodes;

namespace Ball.Manifests.Tests.Support;

/// <summary>The pods of a Deployment.</summary>
internal sealed class Pod(Rendering rendering, Document deployment)
{
    public string Name => deployment.Name;

    public JsonNode Spec { get; } = deployment.At("spec/template/spec")!;

    public Dictionary<string, string> Labels { get; } = deployment.Content.Texts("spec/template/metadata/labels");

    public IReadOnlyList<Container> Containers =>
        [.. Spec.All("containers").Select(content => new Container(rendering, this, content))];

    public Container? Find(string container) => Containers.SingleOrDefault(one => one.Name == container);

    /// <summary>Whether a selector, which is an object with matchLabels or matchExpressions, means these pods.</summary>
    public bool Matches(JsonNode selector) =>
        IsLabelled(selector.Texts("matchLabels"))
        && selector.All("matchExpressions").All(expression =>
            expression["operator"]!.ToString() == "In"
            && Labels.TryGetValue(expression["key"]!.ToString(), out var value)
            && expression["values"]!.AsArray().Any(one => one!.ToString() == value));

    public bool IsLabelled(Dictionary<string, string> labels) =>
        labels.All(label => Labels.GetValueOrDefault(label.Key) == label.Value);

    public override string ToString() => $"pod {Name}";
}
