using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Words for resources of one's own.</summary>
public static class CustomResourceExtensions
{
    /// <summary>How the resource looks at first.</summary>
    public static IResourceBuilder<TResource> WithInitialState<TResource>(
        this IResourceBuilder<TResource> builder, CustomResourceSnapshot initialSnapshot)
        where TResource : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(initialSnapshot);
        return builder.WithAnnotation(
            new ResourceSnapshotAnnotation(initialSnapshot), ResourceAnnotationMutationBehavior.Replace);
    }
}
