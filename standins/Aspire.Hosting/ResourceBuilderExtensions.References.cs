using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Tells this resource where another one is: <c>services__name__endpoint__0</c> and <c>NAME_ENDPOINT</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        return builder.ReferTo(source.Resource, endpointName: null, name: null);
    }

    /// <summary>Tells this resource where another one is, under a name of its own.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source, string name)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return builder.ReferTo(source.Resource, endpointName: null, name);
    }

    /// <summary>Tells this resource where one endpoint of another one is.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpointReference);
        return builder.ReferTo(endpointReference.Resource, endpointReference.EndpointName, name: null);
    }

    /// <summary>Tells this resource where something outside the application is.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri || uri.Fragment.Length > 0 || uri.Query.Length > 0)
        {
            throw new InvalidOperationException(
                $"The URI for service reference '{name}' is invalid while configuring target resource " +
                $"'{builder.Resource.Name}': it must be absolute, without query and fragment.");
        }

        return builder.WithEnvironment($"services__{name}__default__0", uri.ToString())
            .WithEnvironment(VariableName(name), uri.ToString());
    }

    /// <summary>Gives this resource a connection string, as <c>ConnectionStrings__name</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        var resource = source.Resource;
        var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{connectionName ?? resource.Name}";
        builder.WithRelationship(resource, KnownRelationshipTypes.Reference);
        return builder.WithEnvironment(context =>
            context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional));
    }

    /// <summary>Draws a line to another resource.</summary>
    public static IResourceBuilder<T> WithRelationship<T>(this IResourceBuilder<T> builder, IResource resource, string type)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(type);
        return builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, type));
    }

    /// <summary>Draws a line to another resource.</summary>
    public static IResourceBuilder<T> WithRelationship<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> resourceBuilder, string type)
        where T : IResource => builder.WithRelationship(resourceBuilder.Resource, type);

    /// <summary>Shows that this resource uses another one.</summary>
    public static IResourceBuilder<T> WithReferenceRelationship<T>(this IResourceBuilder<T> builder, IResource resource)
        where T : IResource => builder.WithRelationship(resource, KnownRelationshipTypes.Reference);

    /// <summary>Shows that this resource uses another one.</summary>
    public static IResourceBuilder<T> WithReferenceRelationship<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> resourceBuilder)
        where T : IResource => builder.WithRelationship(resourceBuilder.Resource, KnownRelationshipTypes.Reference);

    /// <summary>Shows that this resource uses those in an expression.</summary>
    public static IResourceBuilder<T> WithReferenceRelationship<T>(
        this IResourceBuilder<T> builder, ReferenceExpression expression)
        where T : IResource
    {
        builder.RelateTo(expression);
        return builder;
    }

    /// <summary>Shows this resource below another one.</summary>
    public static IResourceBuilder<T> WithParentRelationship<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> parent)
        where T : IResource => builder.WithRelationship(parent.Resource, KnownRelationshipTypes.Parent);

    /// <summary>Shows this resource below another one.</summary>
    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResource parent)
        where T : IResource => builder.WithRelationship(parent, KnownRelationshipTypes.Parent);

    /// <summary>Shows another resource below this one.</summary>
    public static IResourceBuilder<T> WithChildRelationship<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> child)
        where T : IResource => builder.WithChildRelationship(child.Resource);

    /// <summary>Shows another resource below this one.</summary>
    public static IResourceBuilder<T> WithChildRelationship<T>(this IResourceBuilder<T> builder, IResource child)
        where T : IResource
    {
        builder.ApplicationBuilder.CreateResourceBuilder(child).WithParentRelationship(builder.Resource);
        return builder;
    }

    private static IResourceBuilder<TDestination> ReferTo<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceWithEndpoints source, string? endpointName, string? name)
        where TDestination : IResourceWithEnvironment
    {
        builder.WithRelationship(source, KnownRelationshipTypes.Reference);
        var known = builder.Resource.Annotations.OfType<EndpointReferenceAnnotation>().FirstOrDefault(r => r.Resource == source);
        var reference = known ?? new EndpointReferenceAnnotation(source);
        if (endpointName is null) reference.UseAllEndpoints = true;
        else reference.EndpointNames.Add(endpointName);

        // A later reference to the same resource widens the first one, unless it wants a name of its own.
        if (known is not null && name is null) return builder;
        if (known is null) builder.WithAnnotation(reference);
        return builder.WithEnvironment(context => TellEndpoints(context, reference, name));
    }

    private static void TellEndpoints(EnvironmentCallbackContext context, EndpointReferenceAnnotation reference, string? name)
    {
        var variables = context.EnvironmentVariables;
        var service = name ?? reference.Resource.Name;
        foreach (var endpoint in reference.Resource.GetEndpoints())
        {
            var named = reference.EndpointNames.Contains(endpoint.EndpointName);
            if (!named && !(reference.UseAllEndpoints && !endpoint.ExcludeReferenceEndpoint)) continue;

            var prefix = VariableName(name ?? service.ToUpperInvariant());
            variables[$"{prefix}_{VariableName(endpoint.EndpointName).ToUpperInvariant()}"] = endpoint;

            // http and https go by scheme, so that an endpoint called http that speaks https is found as https.
            var key = endpoint.IsHttpSchemeNamedEndpoint ? endpoint.Scheme : endpoint.EndpointName;
            var index = 0;
            while (variables.ContainsKey($"services__{service}__{key}__{index}")) index++;
            variables[$"services__{service}__{key}__{index}"] = endpoint;
        }
    }

    private static string VariableName(string name)
    {
        var text = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return text.Length > 0 && char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }

    private static void RelateTo<T>(this IResourceBuilder<T> builder, object value) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        var resources = new HashSet<IResource>();
        Collect(value, depth: 0);
        foreach (var resource in resources.Where(r => r != (IResource)builder.Resource))
            builder.WithRelationship(resource, KnownRelationshipTypes.Reference);

        void Collect(object part, int depth)
        {
            if (part is IResource resource) resources.Add(resource);
            else if (part is IValueWithReferences many && depth < 16)
            {
                foreach (var reference in many.References) Collect(reference, depth + 1);
            }
        }
    }
}
