using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Eventing;

/// <summary>Somebody who listens to an event of one resource.</summary>
public class DistributedApplicationResourceEventSubscription(
    IResource? resource, Func<IDistributedApplicationResourceEvent, CancellationToken, Task> callback)
    : DistributedApplicationEventSubscription((@event, cancellationToken) =>
        callback((IDistributedApplicationResourceEvent)@event, cancellationToken))
{
    /// <summary>The resource.</summary>
    public IResource? Resource { get; } = resource;
}
