namespace Aspire.Hosting.DotnetProjects;

/// <summary>The place of a project that was added by its path.</summary>
internal sealed class ProjectPath(string path) : IProjectMetadata
{
    string IProjectMetadata.ProjectPath => path;
}
