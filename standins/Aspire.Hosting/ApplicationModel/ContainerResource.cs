namespace Aspire.Hosting.ApplicationModel;

/// <summary>A container, as it stands in a published manifest. It is not run by this library.</summary>
public class ContainerResource(string name, string? entrypoint = null) : Resource(name), IResourceWithEnvironment,
    IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IResourceWithProbes, IComputeResource
{
    /// <summary>Replaces the image's entry point.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}
