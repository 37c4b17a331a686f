namespace Aspire.Hosting.ApplicationModel;

/// <summary>What an executable resource runs.</summary>
public sealed class ExecutableAnnotation : IResourceAnnotation
{
    /// <summary>The program, looked up on PATH.</summary>
    public required string Command { get; set; }

    /// <summary>Where it runs.</summary>
    public required string WorkingDirectory { get; set; }
}
