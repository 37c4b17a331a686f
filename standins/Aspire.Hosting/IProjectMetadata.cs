using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Where a project is. The build of an AppHost writes one such class for each project reference.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The project file.</summary>
    string ProjectPath { get; }

    /// <summary>The launch settings; read from the project's folder if null.</summary>
    LaunchSettings? LaunchSettings => null;

    /// <summary>Whether it is built already.</summary>
    bool SuppressBuild => false;

    /// <summary>Whether it is a single file instead of a project.</summary>
    bool IsFileBasedApp => false;
}
