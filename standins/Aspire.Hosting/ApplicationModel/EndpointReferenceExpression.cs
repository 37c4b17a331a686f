using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of an endpoint, as a value that is known later.</summary>
[DebuggerDisplay("EndpointExpression = {ValueExpression}")]
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property)
    : IExpressionValue, IValueWithReferences
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference ?? throw new ArgumentNullException(nameof(endpointReference));

    /// <summary>The part.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc />
    public string ValueExpression => Endpoint.Expression(Property);

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        switch (Property)
        {
            case EndpointProperty.Scheme: return Endpoint.Scheme;
            case EndpointProperty.TlsEnabled: return Endpoint.TlsEnabled ? bool.TrueString : bool.FalseString;
            case EndpointProperty.IPV4Host: return "127.0.0.1";
            case EndpointProperty.TargetPort when EndpointAnnotation.Fixed(Endpoint.TargetPort) is { } port: return Text(port);
        }

        var allocated = await Endpoint.EndpointAnnotation.Allocation.GetValueAsync(cancellationToken).ConfigureAwait(false);
        return Property switch
        {
            EndpointProperty.Url => allocated.UriString,
            EndpointProperty.Host => allocated.Address,
            EndpointProperty.Port => Text(allocated.Port),
            EndpointProperty.HostAndPort => allocated.EndPointString,

            // With replicas every copy has its own; the engine fills it in when it starts the copy.
            EndpointProperty.TargetPort => allocated.TargetPortExpression ?? throw new InvalidOperationException(
                "The endpoint does not have an associated TargetPortExpression from the orchestrator."),
            _ => throw new InvalidOperationException(
                $"The property '{Property}' is not supported for the endpoint '{Endpoint.EndpointName}'."),
        };
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
