using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback for environment variables works with.</summary>
public class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    Dictionary<string, object>? environmentVariables = null,
    CancellationToken cancellationToken = default)
{
    private readonly IResource? _resource;

    public EnvironmentCallbackContext(
        DistributedApplicationExecutionContext executionContext,
        IResource resource,
        Dictionary<string, object>? environmentVariables = null,
        CancellationToken cancellationToken = default)
        : this(executionContext, environmentVariables, cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        _resource = resource;
    }

    /// <summary>The variables: text, or values that are known later (endpoints, parameters, expressions).</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];

    /// <summary>Ends with the start of the resource.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The resource's own log.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>The resource.</summary>
    public IResource Resource => _resource
        ?? throw new InvalidOperationException("The resource is not set on this environment callback context.");

    /// <summary>Whether the application runs or is published.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } =
        executionContext ?? throw new ArgumentNullException(nameof(executionContext));
}
