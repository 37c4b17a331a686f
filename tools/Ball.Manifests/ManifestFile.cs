namespace Ball.Manifests;

/// <param name="Path">Below the folder of all manifests, with slashes.</param>
internal sealed record ManifestFile(string Path, string Text);
