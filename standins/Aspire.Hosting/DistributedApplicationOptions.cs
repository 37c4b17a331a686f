using System.Reflection;

namespace Aspire.Hosting;

/// <summary>How an application is built.</summary>
public sealed class DistributedApplicationOptions
{
    private Assembly? _assembly;

    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>The AppHost's assembly; the entry assembly if not given.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The AppHost's project folder; the assembly knows it if it was built as an AppHost.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>The title of the Dashboard.</summary>
    public string? DashboardApplicationName { get; set; }

    /// <summary>Whether to do without the Dashboard.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Whether plain http is allowed for the Dashboard. The stand-in speaks plain http on the loopback only.</summary>
    public bool AllowUnsecuredTransport { get; set; }

    /// <summary>Whether the console logs of the resources are logged by the AppHost too.</summary>
    public bool EnableResourceLogging { get; set; }

    internal Assembly? Assembly => _assembly ??= AssemblyName is null
        ? System.Reflection.Assembly.GetEntryAssembly()
        : System.Reflection.Assembly.Load(AssemblyName);

    internal string? ResolvedProjectDirectory => ProjectDirectory ?? Metadata("apphostprojectpath");

    internal string? ProjectName => Metadata("apphostprojectname");

    internal string? Metadata(string key) => Assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => string.Equals(a.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;
}
