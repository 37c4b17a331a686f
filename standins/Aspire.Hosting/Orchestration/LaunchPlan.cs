namespace Aspire.Hosting.Orchestration;

/// <summary>How a resource's program is called; the resource's own arguments follow.</summary>
internal sealed record LaunchPlan(
    string Command, string WorkingDirectory, IReadOnlyList<string> Arguments, string? LaunchProfile);
