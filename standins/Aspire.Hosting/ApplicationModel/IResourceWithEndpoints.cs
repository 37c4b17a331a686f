namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that others can reach.</summary>
public interface IResourceWithEndpoints : IResource
{
}
