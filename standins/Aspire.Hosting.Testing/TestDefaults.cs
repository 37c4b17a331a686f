using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// How an application under test differs from one that is run: no Dashboard, random ports, logs in the test's log.
/// </summary>
internal static class TestDefaults
{
    private static readonly JsonSerializerOptions s_json =
        new() { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static void Apply(
        string[] args,
        Assembly assembly,
        DistributedApplicationOptions options,
        HostApplicationBuilderSettings settings,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? configure)
    {
        settings.Args = options.Args = [.. settings.Args ?? [], .. args];
        settings.ApplicationName = options.AssemblyName = assembly.GetName().Name;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        options.AllowUnsecuredTransport = true;
        var folder = ProjectFolder(assembly);
        if (Directory.Exists(folder)) settings.ContentRootPath = folder;
        settings.Configuration ??= new ConfigurationManager();

        var given = new ConfigurationManager();
        given.AddCommandLine(options.Args);
        given.AddConfiguration(settings.Configuration);
        SetDefaults(settings, given, [new("DcpPublisher:RandomizePorts", "true")]);
        configure?.Invoke(options, settings);
        SetDefaults(settings, given, LaunchProfile(folder, given["DOTNET_LAUNCH_PROFILE"]));
    }

    private static string? ProjectFolder(Assembly assembly) => assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => string.Equals(a.Key, "apphostprojectpath", StringComparison.OrdinalIgnoreCase))?.Value;

    private static void SetDefaults(
        HostApplicationBuilderSettings settings, IConfiguration given, IEnumerable<KeyValuePair<string, string?>> defaults) =>
        settings.Configuration!.AddInMemoryCollection(
            defaults.Where(d => given[d.Key] is null).DistinctBy(d => d.Key, StringComparer.OrdinalIgnoreCase).ToArray());

    /// <summary>What the AppHost would have in its environment if it were run with its launch profile.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> LaunchProfile(string? folder, string? asked)
    {
        var file = Path.Join(folder, "Properties", "launchSettings.json");
        if (folder is null || !File.Exists(file)) yield break;
        var profiles = JsonSerializer.Deserialize<LaunchSettings>(File.ReadAllText(file), s_json)?.Profiles ?? [];
        if (asked is not null && !profiles.ContainsKey(asked))
        {
            throw new InvalidOperationException(
                $"The configured launch profile, '{asked}', was not found in the launch settings file.");
        }

        var name = asked ?? profiles.Keys.FirstOrDefault();
        if (name is null) yield break;
        yield return new("DOTNET_LAUNCH_PROFILE", name);
        foreach (var (key, value) in profiles[name].EnvironmentVariables)
        {
            // Fixed addresses would make test hosts that run at the same time meet.
            if (key.EndsWith("_ENDPOINT_URL", StringComparison.OrdinalIgnoreCase)) continue;
            yield return new(key, value);
            foreach (var prefix in (string[])["DOTNET_", "ASPNETCORE_"])
            {
                if (key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) yield return new(key[prefix.Length..], value);
            }
        }
    }
}
