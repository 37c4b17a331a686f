namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that runs somewhere.</summary>
public interface IComputeResource : IResource
{
}
