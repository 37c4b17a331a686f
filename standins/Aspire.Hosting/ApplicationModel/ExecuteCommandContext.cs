using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a command works with.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The application's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The name of the resource, or of the copy, that the command was given for.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Ends with the command.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>The resource's own log.</summary>
    public required ILogger Logger { get; init; }
}
