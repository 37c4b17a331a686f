using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.DotnetProjects;

/// <summary>Which launch profile of a project counts.</summary>
internal static class LaunchProfiles
{
    private static readonly JsonSerializerOptions s_json =
        new() { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The profile in use: the one asked for, else the AppHost's own, else the first.</summary>
    public static (string Name, LaunchProfile Profile)? Effective(IResource project)
    {
        if (project.Annotations.OfType<ExcludeLaunchProfileAnnotation>().Any()) return null;
        var metadata = project.Annotations.OfType<IProjectMetadata>().LastOrDefault()
            ?? throw new DistributedApplicationException("Project does not contain project metadata.");
        var profiles = Read(project.Name, metadata)?.Profiles;

        if (project.Annotations.OfType<LaunchProfileAnnotation>().LastOrDefault() is { LaunchProfileName: var asked })
        {
            if (profiles is null) return null;
            return profiles.TryGetValue(asked, out var profile) ? (asked, profile) : throw new DistributedApplicationException(
                $"Launch settings file does not contain '{asked}' profile.");
        }

        if (profiles is null) return null;
        if (project.Annotations.OfType<DefaultLaunchProfileAnnotation>().LastOrDefault() is { LaunchProfileName: var usual }
            && profiles.TryGetValue(usual, out var same) && IsOfProject(same)) return (usual, same);
        foreach (var (name, profile) in profiles)
        {
            if (IsOfProject(profile)) return (name, profile);
        }

        return null;
    }

    private static bool IsOfProject(LaunchProfile profile) => profile.CommandName is "Project" or "Executable";

    private static LaunchSettings? Read(string resource, IProjectMetadata metadata)
    {
        if (metadata.LaunchSettings is { } settings) return settings;
        if (!File.Exists(metadata.ProjectPath))
        {
            throw new DistributedApplicationException(
                $"Project file '{metadata.ProjectPath}' of resource '{resource}' was not found.");
        }

        var file = Path.Join(Path.GetDirectoryName(metadata.ProjectPath), "Properties", "launchSettings.json");
        if (!File.Exists(file)) return null;
        try
        {
            return JsonSerializer.Deserialize<LaunchSettings>(File.ReadAllText(file), s_json);
        }
        catch (JsonException e)
        {
            throw new DistributedApplicationException(
                $"Failed to get effective launch profile for project resource '{resource}'. There is malformed JSON in the " +
                $"project's launch settings file at '{file}'.", e);
        }
    }
}
