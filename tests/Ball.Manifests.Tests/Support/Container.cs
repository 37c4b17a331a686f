using System.Text.Json.Nodes;

namespace Ball.Manifests.Tests.Support;

/// <summary>A container of a pod.</summary>
internal sealed class Container(Rendering rendering, Pod pod, JsonObject content)
{
    public string Name => Content["name"]!.ToString();

    public Pod Pod => pod;

    public JsonObject Content => content;

    public IReadOnlyList<Port> Ports =>
    [
        .. content.All("ports").Select(port => new Port(
            port["name"]!.ToString(), (int)port["containerPort"]!, port["protocol"]?.ToString() ?? "TCP")),
    ];

    /// <summary>The environment that it starts with, as far as it is told in words.</summary>
    public Dictionary<string, string> Environment
    {
        get
        {
            var all = content.All("envFrom").Select(from => from.At("configMapRef/name")?.ToString()).OfType<string>()
                .SelectMany(name => rendering.Find("ConfigMap", name)?.Content.Texts("data") ?? [])
                .ToDictionary(variable => variable.Key, variable => variable.Value);
            foreach (var variable in content.All("env").Where(variable => variable["value"] is not null))
                all[variable["name"]!.ToString()] = variable["value"]!.ToString();
            return all;
        }
    }

    /// <summary>The port that is meant by its number or its name.</summary>
    public Port? PortOf(JsonNode target, string protocol = "TCP") => Ports.SingleOrDefault(port =>
        port.Protocol == protocol && (port.Name == target.ToString() || $"{port.Number}" == target.ToString()));

    public override string ToString() => $"{Name} of {pod}";
}

/// <summary>A port that a container says it has.</summary>
internal sealed record Port(string Name, int Number, string Protocol);
