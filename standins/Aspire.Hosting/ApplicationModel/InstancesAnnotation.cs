namespace Aspire.Hosting.ApplicationModel;

/// <summary>The engine's names for the copies of a resource.</summary>
internal sealed class InstancesAnnotation(IReadOnlyList<string> names) : IResourceAnnotation
{
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>The names under which the state and the log of a resource are kept.</summary>
    public static IReadOnlyList<string> NamesOf(IResource resource) =>
        resource.TryGetLastAnnotation<InstancesAnnotation>(out var instances) ? instances.Names : [resource.Name];
}
