using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line of the details.</summary>
[DebuggerDisplay("{Value}", Name = "{Name}")]
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>Whether it is masked.</summary>
    public bool IsSensitive { get; init; }
}
