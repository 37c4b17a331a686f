using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line from this resource to another one in the Dashboard's graph.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Resource = {Resource.Name}, RelationshipType = {Type}")]
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other one.</summary>
    public IResource Resource { get; } = resource;

    /// <summary><c>Reference</c>, <c>WaitFor</c>, <c>Parent</c> or a word of one's own.</summary>
    public string Type { get; } = type;
}
