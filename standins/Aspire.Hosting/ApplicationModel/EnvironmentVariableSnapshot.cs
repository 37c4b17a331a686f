using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A variable of a resource.</summary>
[DebuggerDisplay("{Value}", Name = "{Name}")]
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);
