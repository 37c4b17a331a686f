using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Words for containers in a published graph.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Builds the image from a Dockerfile.</summary>
    public static IResourceBuilder<T> WithDockerfile<T>(
        this IResourceBuilder<T> builder, string contextPath, string? dockerfilePath = null, string? stage = null)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(contextPath);
        var folder = Path.GetFullPath(contextPath, builder.ApplicationBuilder.AppHostDirectory)
            .TrimEnd(Path.DirectorySeparatorChar);
        var file = Path.GetFullPath(dockerfilePath ?? "Dockerfile", folder);
        return builder.WithAnnotation(
            new DockerfileBuildAnnotation(folder, file, stage), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Adds a build argument.</summary>
    public static IResourceBuilder<T> WithBuildArg<T>(this IResourceBuilder<T> builder, string name, object? value)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var build = builder.Resource.Annotations.OfType<DockerfileBuildAnnotation>().SingleOrDefault()
            ?? throw new InvalidOperationException(
                "The resource does not have a Dockerfile build annotation. Call WithDockerfile before calling WithBuildArg.");
        build.BuildArguments[name] = value;
        return builder;
    }

    /// <summary>Adds a build argument.</summary>
    public static IResourceBuilder<T> WithBuildArg<T>(
        this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> value)
        where T : ContainerResource => builder.WithBuildArg(name, (object)value.Resource);
}
