namespace Aspire.Hosting.ApplicationModel;

/// <summary>The project's launch profiles are not looked at.</summary>
public sealed class ExcludeLaunchProfileAnnotation : IResourceAnnotation
{
}
