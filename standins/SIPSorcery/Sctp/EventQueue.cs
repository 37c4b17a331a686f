namespace SIPSorcery.Net.Sctp;

/// <summary>Events that wait to be polled. Their messages count against the receive window, which bounds the queue.</summary>
internal sealed class EventQueue
{
    /// <summary>What a message costs beside its bytes, so that tiny ones are bounded too.</summary>
    public const int MessageOverhead = 64;
    private readonly Queue<SctpEvent> _events = new();

    public long HeldBytes { get; private set; }

    public bool IsEmpty => _events.Count == 0;

    public void Add(in SctpEvent added)
    {
        _events.Enqueue(added);
        HeldBytes += Cost(added);
    }

    public bool TryTake(out SctpEvent taken)
    {
        if (!_events.TryDequeue(out taken))
            return false;
        HeldBytes -= Cost(taken);
        return true;
    }

    private static int Cost(in SctpEvent e) => e.Data is { } data ? data.Length + MessageOverhead : 0;
}
