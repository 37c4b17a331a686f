using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Starts the resource when another one runs and is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitUntilHealthy);

    /// <summary>Starts the resource when another one runs and is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitUntilHealthy, waitBehavior);

    /// <summary>Starts the resource when another one runs.</summary>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitUntilStarted);

    /// <summary>Starts the resource when another one runs.</summary>
    public static IResourceBuilder<T> WaitForStart<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitUntilStarted, waitBehavior);

    /// <summary>Starts the resource when another one has ended.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitForCompletion, exitCode: exitCode);

    /// <summary>Ties a registered health check to the resource.</summary>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(key);
        if (builder.Resource.Annotations.OfType<HealthCheckAnnotation>().Any(h => h.Key == key))
        {
            throw new DistributedApplicationException(
                $"Resource '{builder.Resource.Name}' already has a health check with key '{key}'.");
        }

        return builder.WithAnnotation(new HealthCheckAnnotation(key));
    }

    /// <summary>The resource is healthy when a page of it answers as expected.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        [EndpointName] string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithHttpHealthCheck(() => HttpEndpoint(builder.Resource, endpointName), path, statusCode);
    }

    /// <summary>The resource is healthy when a page of it answers as expected.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, Func<EndpointReference>? endpointSelector, string? path = null, int? statusCode = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        var name = builder.Resource.Name;
        var endpoint = (endpointSelector ?? (() => HttpEndpoint(builder.Resource, null)))()
            ?? throw new DistributedApplicationException(
                $"Could not create HTTP health check for resource '{name}' as the endpoint selector returned null.");
        if (!EndpointAnnotation.IsHttpScheme(endpoint.Scheme))
        {
            throw new DistributedApplicationException(
                $"Could not create HTTP health check for resource '{name}' as the endpoint with name " +
                $"'{endpoint.EndpointName}' and scheme '{endpoint.Scheme}' is not an HTTP endpoint.");
        }

        path ??= "/";
        var expected = statusCode ?? 200;
        var key = $"{name}_{endpoint.EndpointName}_{path}_{expected}_check";
        builder.WithHealthCheck(key);
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key, _ => new HttpEndpointHealthCheck(endpoint, path, expected), failureStatus: null, tags: null));
        return builder;
    }

    private static EndpointReference HttpEndpoint(IResourceWithEndpoints resource, string? name)
    {
        if (name is not null) return resource.GetEndpoint(name);
        var endpoints = resource.GetEndpoints().Where(e => EndpointAnnotation.IsHttpScheme(e.Scheme)).ToList();
        return endpoints.FirstOrDefault(e => e.IsHttps) ?? endpoints.FirstOrDefault()
            ?? throw new DistributedApplicationException(
            $"Could not create HTTP health check for resource '{resource.Name}' as no endpoint was found matching one of the " +
            "specified names: https, http");
    }

    private static IResourceBuilder<T> Wait<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency,
        WaitType type,
        WaitBehavior? behavior = null,
        int exitCode = 0,
        bool shown = true)
        where T : IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dependency);
        var (self, other) = ((IResource)builder.Resource, dependency.Resource);
        if (self == other)
            throw new DistributedApplicationException($"The '{self.Name}' resource cannot wait for itself.");
        if (self is IResourceWithParent { Parent: var parent } && parent == other)
            throw new DistributedApplicationException($"The '{self.Name}' resource cannot wait for its parent '{other.Name}'.");

        // A child may have no checks of its own; its parent has to be there in any case.
        if (type != WaitType.WaitForCompletion && other is IResourceWithParent { Parent: var above })
            builder.Wait(builder.ApplicationBuilder.CreateResourceBuilder(above), type, behavior, shown: false);
        if (shown) builder.WithRelationship(other, KnownRelationshipTypes.WaitFor);
        return builder.WithAnnotation(new WaitAnnotation(other, type, exitCode) { WaitBehavior = behavior });
    }
}
