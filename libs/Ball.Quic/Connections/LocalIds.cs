using Ball.Quic.Packets;

namespace Ball.Quic.Connections;

/// <summary>The ids by which the peer may address this side.</summary>
sealed class LocalIds(IConnectionIds registry, Connection connection)
{
    private const int MaxActive = 4;

    private readonly Dictionary<long, ConnectionId> _active = [];
    private long _next;

    public ConnectionId AddFirst()
    {
        var id = registry.Add(connection);
        _active[_next++] = id;
        return id;
    }

    /// <summary>Makes the next id, while the peer takes one more.</summary>
    public bool TryAdd(long peerLimit, out long sequence)
    {
        sequence = _next;
        if (_active.Count >= Math.Min(peerLimit, MaxActive))
            return false;
        _active[_next++] = registry.Add(connection);
        return true;
    }

    public bool TryGet(long sequence, out ConnectionId id) => _active.TryGetValue(sequence, out id);

    public byte[] TokenOf(in ConnectionId id) => registry.ResetTokenOf(id);

    public void Retire(long sequence, in ConnectionId usedBy)
    {
        if (sequence >= _next)
            throw new ProtocolException(TransportError.ProtocolViolation, "a connection id is retired that never was");
        if (!_active.TryGetValue(sequence, out var id))
            return;
        if (id.Equals(usedBy))
            throw new ProtocolException(TransportError.ProtocolViolation, "a packet retires its own connection id");
        _active.Remove(sequence);
        registry.Remove(id);
    }

    public void RemoveAll()
    {
        foreach (var id in _active.Values)
            registry.Remove(id);
        _active.Clear();
    }
}
