namespace Aspire.Hosting.ApplicationModel;

/// <summary>The words for relationships that the Dashboard knows.</summary>
internal static class KnownRelationshipTypes
{
    public const string Reference = "Reference";
    public const string WaitFor = "WaitFor";
    public const string Parent = "Parent";
}
