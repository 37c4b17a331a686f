namespace Aspire.Hosting.ApplicationModel;

/// <summary>How an image is built from a Dockerfile.</summary>
public class DockerfileBuildAnnotation(string contextPath, string dockerfilePath, string? stage) : IResourceAnnotation
{
    /// <summary>The folder that the build sees.</summary>
    public string ContextPath { get; } = contextPath;

    /// <summary>The Dockerfile.</summary>
    public string DockerfilePath { get; } = dockerfilePath;

    /// <summary>The stage to stop at.</summary>
    public string? Stage { get; } = stage;

    /// <summary>Build arguments; a value of null is taken from the environment of the build.</summary>
    public Dictionary<string, object?> BuildArguments { get; } = [];

    /// <summary>Whether the image can be run.</summary>
    public bool HasEntrypoint { get; set; } = true;
}
