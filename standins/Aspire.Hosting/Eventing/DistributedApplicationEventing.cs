using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.Eventing;

/// <summary>The application's events.</summary>
public class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Type, List<DistributedApplicationEventSubscription>> _subscriptions = [];

    /// <summary>Hears of listeners that fail while nobody waits for them.</summary>
    internal ILogger Log { get; set; } = NullLogger.Instance;

    /// <inheritdoc />
    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Add<T>(new((@event, cancellationToken) => callback((T)@event, cancellationToken)));
    }

    /// <inheritdoc />
    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(callback);
        return Add<T>(new DistributedApplicationResourceEventSubscription(
            resource, (@event, cancellationToken) => callback((T)@event, cancellationToken)));
    }

    /// <inheritdoc />
    public void Unsubscribe(DistributedApplicationEventSubscription subscription)
    {
        lock (_lock)
        {
            foreach (var list in _subscriptions.Values) list.Remove(subscription);
        }
    }

    /// <inheritdoc />
    public Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent =>
        PublishAsync(@event, EventDispatchBehavior.BlockingSequential, cancellationToken);

    /// <inheritdoc />
    public Task PublishAsync<T>(T @event, EventDispatchBehavior dispatchBehavior, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(@event);
        var listeners = ListenersTo(@event);
        if (listeners.Count == 0) return Task.CompletedTask;
        switch (dispatchBehavior)
        {
            case EventDispatchBehavior.BlockingConcurrent:
                return Task.WhenAll(listeners.Select(s => s.Callback(@event, cancellationToken)));
            case EventDispatchBehavior.NonBlockingSequential:
                _ = Task.Run(() => NotedAsync(() => OneByOneAsync(listeners, @event, cancellationToken)), CancellationToken.None);
                return Task.CompletedTask;
            case EventDispatchBehavior.NonBlockingConcurrent:
                foreach (var listener in listeners)
                    _ = Task.Run(() => NotedAsync(() => listener.Callback(@event, cancellationToken)), CancellationToken.None);
                return Task.CompletedTask;
            default:
                return OneByOneAsync(listeners, @event, cancellationToken);
        }

        async Task NotedAsync(Func<Task> deliver)
        {
            try
            {
                await deliver().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The application ends.
            }
            catch (Exception e)
            {
                Log.LogError(e, "A subscriber of {Event} has failed.", typeof(T).Name);
            }
        }
    }

    private static async Task OneByOneAsync(
        List<DistributedApplicationEventSubscription> listeners,
        IDistributedApplicationEvent @event,
        CancellationToken cancellationToken)
    {
        foreach (var listener in listeners) await listener.Callback(@event, cancellationToken).ConfigureAwait(false);
    }

    private DistributedApplicationEventSubscription Add<T>(DistributedApplicationEventSubscription subscription)
    {
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(typeof(T), out var list)) _subscriptions[typeof(T)] = list = [];
            list.Add(subscription);
        }

        return subscription;
    }

    private List<DistributedApplicationEventSubscription> ListenersTo<T>(T @event) where T : IDistributedApplicationEvent
    {
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(typeof(T), out var list)) return [];
            var resource = (@event as IDistributedApplicationResourceEvent)?.Resource;
            return [.. list.Where(s => s is not DistributedApplicationResourceEventSubscription of || of.Resource == resource)];
        }
    }
}
