using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback for links works with.</summary>
public class ResourceUrlsCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    IResource resource,
    List<ResourceUrlAnnotation>? urls = null,
    CancellationToken cancellationToken = default)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource ?? throw new ArgumentNullException(nameof(resource));

    /// <summary>Its links so far; change them freely.</summary>
    public List<ResourceUrlAnnotation> Urls { get; } = urls ?? [];

    /// <summary>Ends with the start of the application.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The resource's own log.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>Whether the application runs or is published.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } =
        executionContext ?? throw new ArgumentNullException(nameof(executionContext));

    /// <summary>An endpoint of the resource, if it has one of that name.</summary>
    public EndpointReference? GetEndpoint(string name) =>
        (Resource as IResourceWithEndpoints)?.GetEndpoints()
            .FirstOrDefault(e => EndpointAnnotation.SameName(e.EndpointName, name));
}
