namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource has no Start, Stop and Restart.</summary>
internal sealed class ExcludeLifecycleCommandsAnnotation : IResourceAnnotation
{
}
