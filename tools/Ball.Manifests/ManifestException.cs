namespace Ball.Manifests;

/// <summary>Aspire's manifest asks for what is not understood here.</summary>
internal sealed class ManifestException(string message) : Exception(message);
