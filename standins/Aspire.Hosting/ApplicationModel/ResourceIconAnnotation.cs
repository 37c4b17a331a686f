using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The icon of a resource.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, IconName = {IconName}, IconVariant = {IconVariant}")]
public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled) : IResourceAnnotation
{
    /// <summary>Its name among the Fluent icons.</summary>
    public string IconName { get; } = iconName ?? throw new ArgumentNullException(nameof(iconName));

    /// <summary>Its form.</summary>
    public IconVariant IconVariant { get; } = iconVariant;
}
