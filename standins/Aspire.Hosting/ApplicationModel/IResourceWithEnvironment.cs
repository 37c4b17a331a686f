namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that is given environment variables.</summary>
public interface IResourceWithEnvironment : IResource
{
}
