using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A command as it stands now.</summary>
[DebuggerDisplay(null, Name = "{Name}")]
public sealed record ResourceCommandSnapshot(
    string Name,
    ResourceCommandState State,
    string DisplayName,
    string? DisplayDescription,
    object? Parameter,
    string? ConfirmationMessage,
    string? IconName,
    IconVariant? IconVariant,
    bool IsHighlighted);
