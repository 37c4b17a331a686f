using System.Text.RegularExpressions;

namespace Ball.Manifests;

/// <summary>
/// Puts values in the place of expressions such as <c>{server.bindings.http.url}</c>. A resource's host is its name, since that is
/// its service's name.
/// </summary>
internal sealed partial class Expressions(IReadOnlyList<Resource> resources)
{
    public string Resolve(string text) => Expression().Replace(text, match => match.Value switch
    {
        "{{" => "{",
        "}}" => "}",
        _ => Value(match.Groups["path"].Value),
    });

    private string Value(string path)
    {
        if (path.Split('.') is not [var name, "bindings", var endpoint, var property]
            || resources.FirstOrDefault(resource => resource.Name == name) is not { } resource
            || resource.Bindings.FirstOrDefault(binding => binding.Name == endpoint) is not { } binding)
            throw new ManifestException($"Nobody knows what {{{path}}} is.");
        return property switch
        {
            "host" => name,
            "port" => $"{binding.Port ?? binding.TargetPort}",
            "targetPort" => $"{binding.TargetPort}",
            "scheme" => binding.Scheme,
            "url" => Url(name, binding),
            _ => throw new ManifestException($"Nobody knows what {{{path}}} is."),
        };
    }

    /// <summary>
    /// As aspirate does it: only endpoints that are called http have a scheme, others are a bare name and port, and https is not
    /// served inside a cluster.
    /// </summary>
    private static string Url(string host, Binding binding) => binding.Name switch
    {
        "http" => $"http://{host}:{binding.TargetPort}",
        "https" => "",
        _ => $"{host}:{binding.TargetPort}",
    };

    [GeneratedRegex(@"\{\{|\}\}|\{(?<path>[^{}]*)\}")]
    private static partial Regex Expression();
}
