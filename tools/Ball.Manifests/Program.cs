using Ball.Manifests;

if (args is not [var manifest, var folder])
{
    Console.Error.WriteLine("Ball.Manifests: give it Aspire's manifest, and the folder for Kubernetes' manifests.");
    return 2;
}
try
{
    var resources = AspireManifest.Read(File.ReadAllText(manifest));
    ManifestFolder.Write(folder, KubernetesManifests.Of(resources, "ball"));
    return 0;
}
catch (Exception e) when (e is ManifestException or System.Text.Json.JsonException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"Ball.Manifests: {e.Message.ReplaceLineEndings(" ")}");
    return 2;
}
