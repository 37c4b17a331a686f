namespace Ball.Manifests;

/// <summary>An endpoint of a resource.</summary>
/// <param name="Port">Where others find it; null for where it listens.</param>
/// <param name="TargetPort">Where it listens.</param>
internal sealed record Binding(string Name, string Scheme, int? Port, int TargetPort);
