using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Everything that is known about a resource at one moment.</summary>
[DebuggerDisplay("ResourceType = {ResourceType,nq}, State = {State?.Text,nq}, HealthStatus = {HealthStatus?.ToString(),nq}")]
public sealed record CustomResourceSnapshot
{
    /// <summary><c>Project</c>, <c>Executable</c> or a word of one's own.</summary>
    public required string ResourceType { get; init; }

    /// <summary>What the details show.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>When it came to be.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When it was started.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When it ended.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>What it is doing.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>How it ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How it is: null while it does not run; without checks, running is healthy; otherwise the worst report.</summary>
    public HealthStatus? HealthStatus => State?.Text == KnownResourceStates.Running
        ? HealthReports.IsEmpty
            ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
            : HealthReports.Min(r => r.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy)
        : null;

    /// <summary>What the health checks said.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    /// <summary>Its environment.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>Its links.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>Its commands.</summary>
    public ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];

    /// <summary>Its relationships.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    /// <summary>Whether it is left out of the lists.</summary>
    public bool IsHidden { get; init; }

    /// <summary>The name of its icon.</summary>
    public string? IconName { get; init; }

    /// <summary>The form of its icon.</summary>
    public IconVariant? IconVariant { get; init; }

    /// <summary>The handling of <see cref="ResourceReadyEvent"/>, once it has begun.</summary>
    internal Task? ReadyHandled { get; init; }
}
