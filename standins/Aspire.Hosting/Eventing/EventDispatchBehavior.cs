namespace Aspire.Hosting.Eventing;

/// <summary>How the subscribers of an event are called.</summary>
public enum EventDispatchBehavior
{
    /// <summary>One after the other; the publisher waits.</summary>
    BlockingSequential,

    /// <summary>All at once; the publisher waits.</summary>
    BlockingConcurrent,

    /// <summary>One after the other; the publisher goes on.</summary>
    NonBlockingSequential,

    /// <summary>All at once; the publisher goes on.</summary>
    NonBlockingConcurrent,
}
