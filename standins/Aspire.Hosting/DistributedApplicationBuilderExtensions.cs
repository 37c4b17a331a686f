using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Finds resources that are in the graph already.</summary>
public static class DistributedApplicationBuilderExtensions
{
    /// <summary>A builder for the resource of a name.</summary>
    public static IResourceBuilder<T> CreateResourceBuilder<T>(this IDistributedApplicationBuilder builder, string name)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var found = builder.Resources.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidOperationException($"Resource '{name}' was not found.");
        return found is T resource
            ? builder.CreateResourceBuilder(resource)
            : throw new InvalidOperationException(
                $"Resource '{name}' of type '{found.GetType()}' is not assignable to requested type '{typeof(T).Name}'.");
    }

    /// <summary>A builder for the resource of a name, if there is one of the type.</summary>
    public static bool TryCreateResourceBuilder<T>(
        this IDistributedApplicationBuilder builder, string name, [NotNullWhen(true)] out IResourceBuilder<T>? resourceBuilder)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        resourceBuilder = builder.Resources.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase))
            is T resource ? builder.CreateResourceBuilder(resource) : null;
        return resourceBuilder is not null;
    }
}
