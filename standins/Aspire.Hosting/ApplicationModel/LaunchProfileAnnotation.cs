namespace Aspire.Hosting.ApplicationModel;

/// <summary>The launch profile chosen for a project.</summary>
public sealed class LaunchProfileAnnotation(string launchProfileName) : IResourceAnnotation
{
    /// <summary>Its name.</summary>
    public string LaunchProfileName { get; } = launchProfileName ?? throw new ArgumentNullException(nameof(launchProfileName));
}
