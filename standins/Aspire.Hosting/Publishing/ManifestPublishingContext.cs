using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes resources into a manifest.</summary>
public sealed class ManifestPublishingContext(
    DistributedApplicationExecutionContext executionContext,
    string manifestPath,
    Utf8JsonWriter writer,
    CancellationToken cancellationToken = default)
{
    private readonly PublishedPorts _ports = new();
    private readonly Dictionary<string, IResource> _mentioned = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<object> _visiting = [];

    /// <summary>Publish.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The manifest; paths are relative to it.</summary>
    public string ManifestPath { get; } = manifestPath;

    /// <summary>The writer.</summary>
    public Utf8JsonWriter Writer { get; } = writer;

    /// <summary>Ends with the publishing.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>A path as it stands in the manifest.</summary>
    public string? GetManifestRelativePath(string? path)
    {
        if (path is null) return null;
        var full = Path.GetFullPath(path, Environment.CurrentDirectory);
        var folder = Path.GetDirectoryName(Path.GetFullPath(ManifestPath))
            ?? throw new DistributedApplicationException("Could not get directory name of output path");
        return Path.GetRelativePath(folder, full).Replace('\\', '/');
    }

    /// <summary>Writes the endpoints.</summary>
    public void WriteBindings(IResource resource)
    {
        var endpoints = PublishedEndpoint.Of(resource, _ports);
        if (endpoints.Count == 0) return;
        Writer.WriteStartObject("bindings");
        foreach (var (endpoint, targetPort, port) in endpoints)
        {
            Writer.WriteStartObject(endpoint.Name);
            Writer.WriteString("scheme", endpoint.UriScheme);
            Writer.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
            Writer.WriteString("transport", endpoint.Transport);
            if (port is { } number && port != targetPort) Writer.WriteNumber("port", number);
            if (targetPort is { } target) Writer.WriteNumber("targetPort", target);
            if (endpoint.IsExternal) Writer.WriteBoolean("external", true);
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
    }

    /// <summary>Writes the environment.</summary>
    public async Task WriteEnvironmentVariablesAsync(IResource resource)
    {
        var variables = await ExecutionValues.VariablesAsync(
            resource, ExecutionContext, NullLogger.Instance, CancellationToken).ConfigureAwait(false);
        if (variables.Count == 0) return;
        Writer.WriteStartObject("env");
        foreach (var (name, value) in variables) Writer.WriteString(name, Expression(value));
        Writer.WriteEndObject();
    }

    /// <summary>Writes the arguments.</summary>
    public async Task WriteCommandLineArgumentsAsync(IResource resource)
    {
        var arguments = await ExecutionValues.ArgumentsAsync(
            resource, ExecutionContext, NullLogger.Instance, CancellationToken).ConfigureAwait(false);
        if (arguments.Count == 0) return;
        Writer.WriteStartArray("args");
        foreach (var argument in arguments) Writer.WriteStringValue(Expression(argument));
        Writer.WriteEndArray();
    }

    /// <summary>Writes the connection string, if the resource has one.</summary>
    public void WriteConnectionString(IResource resource)
    {
        if (resource is not IResourceWithConnectionString { ConnectionStringExpression: { } expression }) return;
        TryAddDependentResources(expression);
        Writer.WriteString("connectionString", expression.ValueExpression);
    }

    /// <summary>Writes a container.</summary>
    public async Task WriteContainerAsync(ContainerResource container)
    {
        if (container.TryGetLastAnnotation<DockerfileBuildAnnotation>(out var build))
        {
            Writer.WriteString("type", "container.v1");
            WriteConnectionString(container);
            WriteBuild(build);
        }
        else
        {
            Writer.WriteString("type", "container.v0");
            WriteConnectionString(container);
            Writer.WriteString("image", Image(container));
        }

        if (container.Entrypoint is not null) Writer.WriteString("entrypoint", container.Entrypoint);
        await WriteCommandLineArgumentsAsync(container).ConfigureAwait(false);
        await WriteEnvironmentVariablesAsync(container).ConfigureAwait(false);
        WriteBindings(container);
    }

    /// <summary>Remembers the resources in a value, so that they are written too.</summary>
    public void TryAddDependentResources(object? value)
    {
        if (value is IResource resource)
        {
            _mentioned.TryAdd(resource.Name, resource);
        }
        else if (value is IValueWithReferences many && _visiting.Add(value))
        {
            foreach (var part in many.References) TryAddDependentResources(part);
            _visiting.Remove(value);
        }
    }

    internal async Task WriteModelAsync(DistributedApplicationModel model)
    {
        Writer.WriteStartObject();
        Writer.WriteStartObject("resources");
        foreach (var resource in model.Resources) await WriteResourceAsync(resource).ConfigureAwait(false);

        // A project that became a container is still the one that others refer to; its name is written already.
        foreach (var resource in _mentioned.Values.Where(r => !model.Resources.TryGetByName(r.Name, out _)).ToArray())
            await WriteResourceAsync(resource).ConfigureAwait(false);
        Writer.WriteEndObject();
        Writer.WriteEndObject();
        await Writer.FlushAsync(CancellationToken).ConfigureAwait(false);
    }

    private async Task WriteResourceAsync(IResource resource)
    {
        if (resource.TryGetLastAnnotation<ManifestPublishingCallbackAnnotation>(out var own) && own.Callback is null) return;
        Writer.WriteStartObject(resource.Name);
        await (own?.Callback is { } write ? write(this) : resource switch
        {
            ContainerResource container => WriteContainerAsync(container),
            ProjectResource project => WriteProjectAsync(project),
            ExecutableResource executable => WriteExecutableAsync(executable),
            ParameterResource parameter => WriteParameter(parameter),
            IResourceWithConnectionString value => WriteValue(value),
            _ => WriteError(),
        }).ConfigureAwait(false);
        Writer.WriteEndObject();
    }

    private async Task WriteProjectAsync(ProjectResource project)
    {
        Writer.WriteString("type", "project.v0");
        Writer.WriteString("path", GetManifestRelativePath(project.ProjectMetadata().ProjectPath));
        await WriteCommandLineArgumentsAsync(project).ConfigureAwait(false);
        await WriteEnvironmentVariablesAsync(project).ConfigureAwait(false);
        WriteBindings(project);
    }

    private async Task WriteExecutableAsync(ExecutableResource executable)
    {
        Writer.WriteString("type", "executable.v0");
        WriteConnectionString(executable);
        Writer.WriteString("workingDirectory", GetManifestRelativePath(executable.WorkingDirectory));
        Writer.WriteString("command", executable.Command);
        await WriteCommandLineArgumentsAsync(executable).ConfigureAwait(false);
        await WriteEnvironmentVariablesAsync(executable).ConfigureAwait(false);
        WriteBindings(executable);
    }

    private Task WriteParameter(ParameterResource parameter)
    {
        Writer.WriteString("type", "parameter.v0");
        if (parameter.IsConnectionString) Writer.WriteString("connectionString", parameter.ValueExpression);
        Writer.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        Writer.WriteStartObject("inputs");
        Writer.WriteStartObject("value");
        Writer.WriteString("type", "string");
        if (parameter.Secret) Writer.WriteBoolean("secret", true);
        if (parameter.Default is { } @default)
        {
            Writer.WriteStartObject("default");
            @default.WriteToManifest(this);
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
        Writer.WriteEndObject();
        return Task.CompletedTask;
    }

    private Task WriteValue(IResourceWithConnectionString resource)
    {
        Writer.WriteString("type", "value.v0");
        WriteConnectionString(resource);
        return Task.CompletedTask;
    }

    private Task WriteError()
    {
        Writer.WriteString("error", "This resource does not support generation in the manifest.");
        return Task.CompletedTask;
    }

    private void WriteBuild(DockerfileBuildAnnotation build)
    {
        Writer.WriteStartObject("build");
        Writer.WriteString("context", GetManifestRelativePath(build.ContextPath));
        Writer.WriteString("dockerfile", GetManifestRelativePath(build.DockerfilePath));
        if (build.Stage is { } stage) Writer.WriteString("stage", stage);
        if (!build.HasEntrypoint) Writer.WriteBoolean("buildOnly", true);
        if (build.BuildArguments.Count > 0)
        {
            Writer.WriteStartObject("args");
            foreach (var (name, value) in build.BuildArguments) Writer.WriteString(name, Expression(value));
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
    }

    private static string Image(ContainerResource container)
    {
        var image = container.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()
            ?? throw new DistributedApplicationException(
            $"Could not get the container image name for resource '{container.Name}'.");
        var registry = image.Registry is { Length: > 0 } host ? host + "/" : "";
        return image.SHA256 is { Length: > 0 } digest ? $"{registry}{image.Image}@sha256:{digest}"
            : $"{registry}{image.Image}:{image.Tag ?? "latest"}";
    }

    private string? Expression(object? value)
    {
        TryAddDependentResources(value);
        return value switch
        {
            null => null,
            string text => text,
            IManifestExpressionProvider provider => provider.ValueExpression,
            bool flag => flag ? "true" : "false",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };
    }
}
