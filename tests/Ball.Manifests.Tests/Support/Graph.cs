namespace Ball.Manifests.Tests.Support;

/// <summary>The graph as the AppHost's program publishes it.</summary>
internal static class Graph
{
    private static readonly Lazy<IReadOnlyList<Resource>> s_resources = new(Publish);

    public static IReadOnlyList<Resource> Resources => s_resources.Value;

    public static IEnumerable<(Resource Resource, Binding Binding)> Endpoints =>
        Resources.SelectMany(resource => resource.Bindings.Select(binding => (resource, binding)));

    public static Expressions Expressions => new(Resources);

    public static Resource Named(string name) => Resources.Single(resource => resource.Name == name);

    private static IReadOnlyList<Resource> Publish()
    {
        var folder = Directory.CreateTempSubdirectory("ball-graph-");
        try
        {
            var program = Path.Join(AppContext.BaseDirectory, "BallAspire.AppHost.dll");
            Command.Run("dotnet", [program, "--publisher", "manifest", "--output-path", folder.FullName]);
            return AspireManifest.Read(File.ReadAllText(Path.Join(folder.FullName, "aspire-manifest.json")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
