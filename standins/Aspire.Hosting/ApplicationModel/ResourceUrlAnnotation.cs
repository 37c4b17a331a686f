using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A link of a resource in the Dashboard.</summary>
[DebuggerDisplay("Url = {Url}, DisplayText = {DisplayText}")]
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The address; a path is joined to the endpoint's.</summary>
    public required string Url { get; set; }

    /// <summary>What is shown instead of the address.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint that the address belongs to.</summary>
    public EndpointReference? Endpoint { get; init; }

    /// <summary>Higher comes first.</summary>
    public int? DisplayOrder;

    /// <summary>Whether it is in the table or in the details only.</summary>
    public UrlDisplayLocation DisplayLocation { get; set; } = UrlDisplayLocation.SummaryAndDetails;

    internal ResourceUrlAnnotation For(EndpointReference endpoint) => new()
    {
        Url = Url,
        DisplayText = DisplayText,
        Endpoint = endpoint,
        DisplayOrder = DisplayOrder,
        DisplayLocation = DisplayLocation,
    };
}
