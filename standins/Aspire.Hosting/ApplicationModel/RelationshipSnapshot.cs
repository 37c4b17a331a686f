namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line in the graph.</summary>
public sealed record RelationshipSnapshot(string ResourceName, string Type);
