using System.Reflection;
using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.DotnetProjects;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Finds the cheapest faithful way to launch a resource. A project that the AppHost's build has built is called directly;
/// <c>dotnet run</c> would do the same after some seconds and with a second process for each project.
/// </summary>
internal sealed class LaunchPlanner(DistributedApplicationOptions options)
{
    public LaunchPlan Plan(IResource resource)
    {
        if (resource is ExecutableResource executable) return new(executable.Command, executable.WorkingDirectory, [], null);

        var metadata = resource.ProjectMetadata();
        if (!File.Exists(metadata.ProjectPath))
        {
            throw new DistributedApplicationException(
                $"Project file '{metadata.ProjectPath}' of resource '{resource.Name}' was not found.");
        }

        var folder = Path.GetDirectoryName(metadata.ProjectPath)!;
        var chosen = LaunchProfiles.Effective(resource);
        var arguments = CommandLine.Split(chosen?.Profile.CommandLineArgs);
        if (metadata.SuppressBuild && ProgramOf(metadata) is { } program && File.Exists(program))
            return new(Dotnet, folder, [program, .. arguments], chosen?.Name);

        List<string> run = ["run", "--project", metadata.ProjectPath, "--no-launch-profile"];
        if (metadata.SuppressBuild) run.Add("--no-build");
        var built = options.Assembly?.GetCustomAttribute<AssemblyConfigurationAttribute>();
        if (built?.Configuration is { Length: > 0 } configuration)
            run.AddRange(["--configuration", configuration]);
        return new(Dotnet, folder, [.. run, "--", .. arguments], chosen?.Name);
    }

    /// <summary>Where the build that wrote the metadata has put the program.</summary>
    private static string? ProgramOf(IProjectMetadata metadata) => metadata.GetType().Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => a.Key == $"program:{metadata.ProjectPath}")?.Value;

    /// <summary>The dotnet program that this very process runs on, so that PATH does not matter.</summary>
    private static string Dotnet
    {
        get
        {
            var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
            var root = Path.GetFullPath(Path.Join(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
            var file = Path.Join(root, name);
            return File.Exists(file) ? file : name;
        }
    }
}
