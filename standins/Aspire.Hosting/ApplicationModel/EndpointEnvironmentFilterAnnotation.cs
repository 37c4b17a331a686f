namespace Aspire.Hosting.ApplicationModel;

/// <summary>Chooses the endpoints that a project is told to listen on.</summary>
internal sealed class EndpointEnvironmentFilterAnnotation(Func<EndpointAnnotation, bool> filter) : IResourceAnnotation
{
    public Func<EndpointAnnotation, bool> Filter { get; } = filter;
}
