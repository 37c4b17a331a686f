using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The finished graph of an application.</summary>
[DebuggerDisplay("Resources = {Resources.Count}")]
public class DistributedApplicationModel(IResourceCollection resources)
{
    public DistributedApplicationModel(IEnumerable<IResource> resources) : this(new ResourceCollection(resources))
    {
    }

    /// <summary>All resources.</summary>
    public IResourceCollection Resources { get; } = resources;
}
