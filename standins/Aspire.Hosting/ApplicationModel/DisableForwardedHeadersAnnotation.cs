namespace Aspire.Hosting.ApplicationModel;

/// <summary>Forwarded headers are not switched on in a published project.</summary>
public sealed class DisableForwardedHeadersAnnotation : IResourceAnnotation
{
}
