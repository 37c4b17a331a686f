namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that never starts or stops, such as a parameter: waiting for it takes no time.</summary>
public interface IResourceWithoutLifetime : IResource
{
}
