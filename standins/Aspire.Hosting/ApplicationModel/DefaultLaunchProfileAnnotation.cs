namespace Aspire.Hosting.ApplicationModel;

/// <summary>The launch profile that is taken if the project has it: the AppHost's own.</summary>
public sealed class DefaultLaunchProfileAnnotation(string launchProfileName) : IResourceAnnotation
{
    /// <summary>Its name.</summary>
    public string LaunchProfileName { get; } = launchProfileName ?? throw new ArgumentNullException(nameof(launchProfileName));
}
