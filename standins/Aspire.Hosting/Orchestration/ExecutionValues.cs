using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Runs the callbacks of a resource and turns what they say into text.</summary>
internal static class ExecutionValues
{
    /// <summary>The variables in the order in which they were set, as they are given: text or values known later.</summary>
    public static async Task<Dictionary<string, object>> VariablesAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, ILogger log,
        CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, [], cancellationToken) { Logger = log };
        foreach (var callback in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
            await callback.Callback(context).ConfigureAwait(false);
        return context.EnvironmentVariables;
    }

    /// <summary>The arguments as they are given: text or values known later.</summary>
    public static async Task<List<object>> ArgumentsAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, ILogger log,
        CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken)
        {
            ExecutionContext = executionContext,
            Logger = log,
        };
        foreach (var callback in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
            await callback.Callback(context).ConfigureAwait(false);
        return [.. context.Args];
    }

    /// <summary>A value as text; null means that there is none.</summary>
    public static async Task<string?> TextAsync(object? value, CancellationToken cancellationToken) => value switch
    {
        null => null,
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancellationToken).ConfigureAwait(false),
        IResourceBuilder<IResource> { Resource: IValueProvider provider } =>
            await provider.GetValueAsync(cancellationToken).ConfigureAwait(false),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
