namespace Ball.Manifests.Tests.Support;

/// <summary>Where things are.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetDirectoryName(Projects.BallAspire_AppHost.ProjectPath)!;

    public static string Manifests { get; } = Path.Join(Root, "manifests");

    public static string Base { get; } = Path.Join(Manifests, "base");

    public static string Checker { get; } = Path.Join(Root, "tests", "Manifests");
}
