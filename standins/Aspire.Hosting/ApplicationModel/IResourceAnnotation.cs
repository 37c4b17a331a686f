namespace Aspire.Hosting.ApplicationModel;

/// <summary>Marks a piece of knowledge that can be attached to a resource.</summary>
public interface IResourceAnnotation
{
}
