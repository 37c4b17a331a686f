namespace Aspire.Hosting.ApplicationModel;

/// <summary>The connection string of a resource, handed to another one.</summary>
public class ConnectionStringReference(IResourceWithConnectionString resource, bool optional)
    : IExpressionValue, IValueWithReferences
{
    /// <summary>The resource.</summary>
    public IResourceWithConnectionString Resource { get; } = resource ?? throw new ArgumentNullException(nameof(resource));

    /// <summary>Whether it may be missing.</summary>
    public bool Optional { get; } = optional;

    string IManifestExpressionProvider.ValueExpression => ((IManifestExpressionProvider)Resource).ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [Resource];

    async ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken)
    {
        var value = await Resource.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false);
        if (string.IsNullOrEmpty(value) && !Optional)
        {
            throw new DistributedApplicationException(
                $"The connection string for the resource '{Resource.Name}' is not available.");
        }

        return value;
    }
}
