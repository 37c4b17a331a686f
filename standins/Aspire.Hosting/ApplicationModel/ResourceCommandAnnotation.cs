using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A command of a resource.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Name = {Name}")]
public sealed class ResourceCommandAnnotation(
    string name,
    string displayName,
    Func<UpdateCommandStateContext, ResourceCommandState> updateState,
    Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
    string? displayDescription,
    object? parameter,
    string? confirmationMessage,
    string? iconName,
    IconVariant? iconVariant,
    bool isHighlighted) : IResourceAnnotation
{
    /// <summary>The name, unique on the resource.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>What the button says.</summary>
    public string DisplayName { get; } = displayName ?? throw new ArgumentNullException(nameof(displayName));

    /// <summary>Decides whether it can be used.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState> UpdateState { get; } =
        updateState ?? throw new ArgumentNullException(nameof(updateState));

    /// <summary>Does it.</summary>
    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; } =
        executeCommand ?? throw new ArgumentNullException(nameof(executeCommand));

    /// <summary>What it does, in words.</summary>
    public string? DisplayDescription { get; } = displayDescription;

    /// <summary>Kept with the command.</summary>
    [Obsolete("Use Arguments to describe invocation arguments and ExecuteCommandContext.Arguments to read them.")]
    public object? Parameter { get; } = parameter;

    /// <summary>What is asked first.</summary>
    public string? ConfirmationMessage { get; } = confirmationMessage;

    /// <summary>The name of its icon.</summary>
    public string? IconName { get; } = iconName;

    /// <summary>The form of its icon.</summary>
    public IconVariant? IconVariant { get; } = iconVariant;

    /// <summary>Whether it has a button of its own in the table.</summary>
    public bool IsHighlighted { get; } = isHighlighted;
}
