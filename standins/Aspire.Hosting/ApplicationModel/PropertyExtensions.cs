using System.Collections.Immutable;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Changes single properties of a snapshot.</summary>
internal static class PropertyExtensions
{
    /// <summary>The properties with one of them set, or without it when the value is null.</summary>
    public static ImmutableArray<ResourcePropertySnapshot> With(
        this ImmutableArray<ResourcePropertySnapshot> properties, string name, object? value, bool sensitive = false)
    {
        var others = properties.Where(p => p.Name != name);
        return value is null
            ? [.. others]
            : [.. others, new ResourcePropertySnapshot(name, value) { IsSensitive = sensitive }];
    }
}
