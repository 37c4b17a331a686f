using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Ties a registered health check to a resource.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Key = {Key}")]
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The name under which the check is registered.</summary>
    public string Key { get; } = key ?? throw new ArgumentNullException(nameof(key));
}
