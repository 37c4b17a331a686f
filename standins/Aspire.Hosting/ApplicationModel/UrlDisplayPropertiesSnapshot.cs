namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a link is shown.</summary>
public sealed record UrlDisplayPropertiesSnapshot(string DisplayName = "", int SortOrder = 0);
