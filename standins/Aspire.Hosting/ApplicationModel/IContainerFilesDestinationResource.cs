namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that can take files into its image.</summary>
public interface IContainerFilesDestinationResource : IResource
{
}
