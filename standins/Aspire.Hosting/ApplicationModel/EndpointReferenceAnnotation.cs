using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>This resource talks to endpoints of another one.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Resource = {Resource.Name}")]
public sealed class EndpointReferenceAnnotation(IResourceWithEndpoints resource) : IResourceAnnotation
{
    /// <summary>The other one.</summary>
    public IResourceWithEndpoints Resource { get; } = resource ?? throw new ArgumentNullException(nameof(resource));

    /// <summary>Whether to all of them.</summary>
    public bool UseAllEndpoints { get; set; }

    /// <summary>To these.</summary>
    public ISet<string> EndpointNames { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
}
