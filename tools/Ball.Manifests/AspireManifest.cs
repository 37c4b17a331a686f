using System.Text.Json;

namespace Ball.Manifests;

/// <summary>Reads what <c>--publisher manifest</c> wrote.</summary>
internal static class AspireManifest
{
    // Where a program listens whose manifest leaves that open, as .NET's images do.
    private const int UsualHttpPort = 8080;
    private const int UsualHttpsPort = 8443;

    public static IReadOnlyList<Resource> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("resources").EnumerateObject().Select(one => ReadResource(one.Name, one.Value))];
    }

    private static Resource ReadResource(string name, JsonElement resource)
    {
        var type = resource.GetProperty("type").GetString();
        var isProject = type is "project.v0" or "project.v1";
        if (!isProject && type is not ("container.v0" or "container.v1"))
            throw new ManifestException($"'{name}' is a {type}: only projects and containers are understood.");
        if (resource.TryGetProperty("volumes", out _) || resource.TryGetProperty("bindMounts", out _))
            throw new ManifestException($"'{name}' has volumes, which are not understood.");
        return new Resource(
            name,
            isProject,
            Text(resource, "image") ?? $"{name}:latest",
            Text(resource, "entrypoint"),
            [.. Members(resource, "args", element => element.EnumerateArray()).Select(value => value.GetString()!)],
            [.. Members(resource, "env", element => element.EnumerateObject())
                .Select(variable => KeyValuePair.Create(variable.Name, variable.Value.GetString() ?? ""))],
            [.. Members(resource, "bindings", element => element.EnumerateObject())
                .Select(binding => ReadBinding(name, binding.Name, binding.Value))]);
    }

    private static Binding ReadBinding(string resource, string name, JsonElement binding)
    {
        int? target = Number(binding, "targetPort") ?? name switch
        {
            "http" => UsualHttpPort,
            "https" => UsualHttpsPort,
            _ => null,
        };
        return new Binding(
            name,
            Text(binding, "scheme") ?? "",
            Number(binding, "port"),
            target ?? throw new ManifestException($"'{resource}' says nowhere at which port its endpoint '{name}' is."));
    }

    private static IEnumerable<T> Members<T>(JsonElement of, string name, Func<JsonElement, IEnumerable<T>> each) =>
        of.TryGetProperty(name, out var member) ? each(member) : [];

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var member) ? member.GetString() : null;

    private static int? Number(JsonElement of, string name) =>
        of.TryGetProperty(name, out var member) && member.GetInt32() is not 0 and var number ? number : null;
}
