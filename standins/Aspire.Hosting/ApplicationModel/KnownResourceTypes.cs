namespace Aspire.Hosting.ApplicationModel;

/// <summary>The types of resources that the Dashboard knows.</summary>
internal static class KnownResourceTypes
{
    public const string Project = "Project";
    public const string Executable = "Executable";
    public const string Container = "Container";
    public const string Parameter = "Parameter";
}
