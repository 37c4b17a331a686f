using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>The ports of an endpoint as the manifest gives them; null leaves the choice to the deployment.</summary>
internal sealed record PublishedEndpoint(EndpointAnnotation Endpoint, int? TargetPort, int? Port)
{
    public static IReadOnlyList<PublishedEndpoint> Of(IResource resource, PublishedPorts ports)
    {
        var result = new List<PublishedEndpoint>();
        var schemes = new HashSet<string>();
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            var (port, target) = (EndpointAnnotation.Fixed(endpoint.Port), EndpointAnnotation.Fixed(endpoint.TargetPort));

            // The first http and the first https endpoint of a project are the platform's usual ones.
            var isHttp = EndpointAnnotation.IsHttpScheme(endpoint.UriScheme);
            var usual = resource is ProjectResource && isHttp && schemes.Add(endpoint.UriScheme);
            target ??= resource is ContainerResource && port is not null ? port : usual ? null : ports.Next();
            if (target is null && port is null && !EndpointAnnotation.IsHttpScheme(endpoint.UriScheme)) port = ports.Next();
            ports.Use(port ?? target);
            ports.Use(target);
            result.Add(new PublishedEndpoint(endpoint, target, port));
        }

        return result;
    }
}
