namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource is left out of the Dashboard's lists.</summary>
internal sealed class HiddenAnnotation : IResourceAnnotation
{
}
