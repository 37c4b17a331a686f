using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>
/// A container that stands in the published graph in place of a project or program, and shares its annotations.
/// </summary>
internal sealed class PublishedContainer(IResource of) : ContainerResource(of.Name), IResourceWithServiceDiscovery
{
    public override ResourceAnnotationCollection Annotations => of.Annotations;

    public static PublishedContainer InPlaceOf(
        IDistributedApplicationBuilder builder,
        IResource resource,
        string folder,
        Action<IResourceBuilder<ContainerResource>>? configure)
    {
        PublishedContainer container;
        IResourceBuilder<ContainerResource> words;
        if (builder.TryCreateResourceBuilder<PublishedContainer>(resource.Name, out var existing))
        {
            container = existing.Resource;
            words = existing;
        }
        else
        {
            builder.Resources.Remove(resource);
            container = new PublishedContainer(resource);
            words = builder.AddResource(container).WithDockerfile(folder);
        }

        // Arguments of a program usually name paths of this machine, which mean nothing in an image.
        words.WithArgs(context => context.Args.Clear());
        configure?.Invoke(words);
        return container;
    }
}
