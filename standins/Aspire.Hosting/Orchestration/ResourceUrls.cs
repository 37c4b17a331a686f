using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>The links of a resource: its endpoints, fixed ones, and what its callbacks make of them.</summary>
internal static class ResourceUrls
{
    public static async Task<IReadOnlyList<UrlSnapshot>> FindAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, ILogger log,
        CancellationToken cancellationToken)
    {
        var urls = new List<ResourceUrlAnnotation>();
        if (resource is IResourceWithEndpoints with)
        {
            urls.AddRange(with.GetEndpoints().Where(e => e.IsAllocated)
                .Select(e => new ResourceUrlAnnotation { Url = e.Url, Endpoint = e }));
        }

        urls.AddRange(resource.Annotations.OfType<ResourceUrlAnnotation>());
        var context = new ResourceUrlsCallbackContext(executionContext, resource, urls, cancellationToken) { Logger = log };
        foreach (var callback in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
            await callback.Callback(context).ConfigureAwait(false);
        return [.. urls.Select(Snapshot)];
    }

    private static UrlSnapshot Snapshot(ResourceUrlAnnotation url)
    {
        var address = url.Url;
        if (url.Endpoint is { IsAllocated: true } endpoint && Uri.TryCreate(new Uri(endpoint.Url), address, out var joined)
            && !Uri.IsWellFormedUriString(address, UriKind.Absolute)) address = joined.ToString();
        return new UrlSnapshot(url.Endpoint?.EndpointName, address, url.DisplayLocation == UrlDisplayLocation.DetailsOnly)
        {
            IsInactive = url.Endpoint is not null,
            DisplayProperties = new(url.DisplayText ?? "", url.DisplayOrder ?? 0),
        };
    }
}
