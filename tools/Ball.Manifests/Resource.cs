namespace Ball.Manifests;

/// <summary>A resource of the graph, as Aspire's manifest has it: values may hold expressions.</summary>
/// <param name="IsProject">Whether aspirate builds the image from a project, and not from a Dockerfile.</param>
internal sealed record Resource(
    string Name,
    bool IsProject,
    string Image,
    string? Entrypoint,
    IReadOnlyList<string> Args,
    IReadOnlyList<KeyValuePair<string, string>> Env,
    IReadOnlyList<Binding> Bindings);
