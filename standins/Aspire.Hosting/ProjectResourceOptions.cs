namespace Aspire.Hosting;

/// <summary>How a project is added.</summary>
public class ProjectResourceOptions
{
    /// <summary>The launch profile.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Whether launch profiles are not looked at.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>Whether Kestrel endpoints of the project's appsettings are not looked at.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}
