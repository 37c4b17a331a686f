namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource is started by hand (or by a command), not with the application.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation
{
}
