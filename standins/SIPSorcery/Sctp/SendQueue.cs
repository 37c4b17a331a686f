using System.Buffers;

namespace SIPSorcery.Net.Sctp;

/// <summary>
/// Messages that wait to be cut into DATA chunks. Streams share the link by weight, a message at a time: without
/// interleaving the fragments of a message must carry consecutive TSNs.
/// </summary>
internal sealed class SendQueue(EventQueue events)
{
    private const int MaxPooledMessages = 256;
    private readonly Dictionary<ushort, OutgoingStream> _streams = [];
    private readonly PriorityQueue<OutgoingStream, long> _ready = new();
    private readonly Stack<OutgoingMessage> _pool = new();
    private OutgoingStream? _current;
    private OutgoingStream? _lastLookedUp;
    private long _virtualTime;

    /// <summary>Bytes waiting on all streams.</summary>
    public long Buffered { get; private set; }

    public bool IsEmpty => _current is null && _ready.Count == 0;

    public OutgoingStream Stream(ushort id)
    {
        if (_lastLookedUp is { } last && last.Id == id)
            return last;
        if (!_streams.TryGetValue(id, out var stream))
            _streams[id] = stream = new OutgoingStream(id);
        return _lastLookedUp = stream;
    }

    public OutgoingStream? Find(ushort id) => _streams.GetValueOrDefault(id);

    public void Enqueue(OutgoingStream stream, uint ppid, ReadOnlySpan<byte> data, in SctpSendOptions options, long now)
    {
        var message = _pool.Count > 0 ? _pool.Pop() : new OutgoingMessage();
        message.Buffer = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(message.Buffer);
        message.Length = data.Length;
        message.Stream = stream;
        message.PayloadProtocol = ppid;
        message.Unordered = options.Unordered;
        message.MaxRetransmits = options.MaxRetransmits ?? -1;
        message.ExpiresAt = options.LifetimeMicros is { } lifetime ? now + lifetime : long.MaxValue;
        message.Sent = 0;
        message.Outstanding = 0;
        message.Abandoned = false;
        stream.Waiting.Enqueue(message);
        stream.Buffered += data.Length;
        Buffered += data.Length;
        Schedule(stream);
    }

    /// <summary>
    /// The message whose next fragment is due, or null. Messages that outlived their time are dropped on the way.
    /// </summary>
    public OutgoingMessage? Next(long now, bool mayDrop, SctpCounters counters)
    {
        while (true)
        {
            if (_current is null)
            {
                if (!_ready.TryDequeue(out var stream, out _))
                    return null;
                stream.Scheduled = false;
                if (stream.Waiting.Count == 0)
                    continue;
                _virtualTime = Math.Max(_virtualTime, stream.VirtualTime);
                _current = stream;
            }

            var message = _current.Waiting.Peek();
            if (message.Sent > 0 || !mayDrop || now < message.ExpiresAt)
                return message;
            counters.MessagesAbandoned++;
            RemoveCurrent(message);
            Recycle(message);
        }
    }

    /// <summary>Takes note that the next bytes of the current message were sent.</summary>
    public void OnFragmentSent(OutgoingMessage message, int length)
    {
        var stream = message.Stream;
        message.Sent += length;
        Shrink(stream, length);
        stream.VirtualTime += (long)length * OutgoingStream.NormalWeight / stream.Weight;
        if (message.FullySent)
            RemoveCurrent(message);
    }

    /// <summary>Forgets what is left of a message of which fragments were sent; true when it was still being sent.</summary>
    public bool DropRest(OutgoingMessage message)
    {
        if (message.FullySent)
            return false;
        RemoveCurrent(message);
        message.Length = message.Sent;
        return true;
    }

    /// <summary>Drops the messages of a stream that have not begun to be sent.</summary>
    public void DiscardWaiting(OutgoingStream stream)
    {
        var begun = _current == stream && stream.Waiting.TryPeek(out var first) && first.Sent > 0;
        for (var count = stream.Waiting.Count; count > 0; count--)
        {
            var message = stream.Waiting.Dequeue();
            if (begun)
            {
                stream.Waiting.Enqueue(message);
                begun = false;
                continue;
            }

            Shrink(stream, message.Length);
            Recycle(message);
        }

        if (_current == stream && stream.Waiting.Count == 0)
            _current = null;
    }

    public void Recycle(OutgoingMessage message)
    {
        if (message.Buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(message.Buffer);
        message.Buffer = [];
        message.Stream = null!;
        if (_pool.Count < MaxPooledMessages)
            _pool.Push(message);
    }

    /// <summary>Gives all buffers back; nothing will be sent any more.</summary>
    public void Clear()
    {
        foreach (var stream in _streams.Values)
        {
            while (stream.Waiting.TryDequeue(out var message))
            {
                // A message with outstanding fragments is recycled with those.
                if (message.Outstanding == 0)
                    Recycle(message);
                else
                    message.Length = message.Sent;
            }

            stream.Buffered = 0;
            stream.Scheduled = false;
        }

        _ready.Clear();
        _current = null;
        Buffered = 0;
    }

    private void RemoveCurrent(OutgoingMessage message)
    {
        var stream = message.Stream;
        stream.Waiting.Dequeue();
        Shrink(stream, message.Length - message.Sent);
        _current = null;
        if (stream.Waiting.Count > 0)
            Schedule(stream);
    }

    private void Shrink(OutgoingStream stream, int bytes)
    {
        var before = stream.Buffered;
        stream.Buffered -= bytes;
        Buffered -= bytes;
        if (before > stream.LowThreshold && stream.Buffered <= stream.LowThreshold)
            events.Add(new SctpEvent(SctpEventKind.BufferedAmountLow, stream.Id));
    }

    private void Schedule(OutgoingStream stream)
    {
        if (stream.Scheduled || stream == _current)
            return;

        // A stream that was idle does not save up service for later.
        stream.VirtualTime = Math.Max(stream.VirtualTime, _virtualTime);
        stream.Scheduled = true;
        _ready.Enqueue(stream, stream.VirtualTime);
    }
}
