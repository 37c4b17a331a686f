namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a link is shown.</summary>
public enum UrlDisplayLocation
{
    /// <summary>In the table and in the details.</summary>
    SummaryAndDetails,

    /// <summary>In the details.</summary>
    DetailsOnly,
}
