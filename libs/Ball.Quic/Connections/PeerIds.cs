using System.Security.Cryptography;
using Ball.Quic.Packets;

namespace Ball.Quic.Connections;

/// <summary>The ids by which the peer wants to be addressed (RFC 9000, section 5.1).</summary>
sealed class PeerIds
{
    public const int Limit = 4;
    private const int MaxRetiring = 64;

    private readonly List<Entry> _known = [];
    private readonly Queue<long> _retired = new();
    private long _retirePriorTo;

    public PeerIds(in ConnectionId first)
    {
        _known.Add(new Entry(0, first, null));
    }

    public ConnectionId Current => _known[0].Id;

    /// <summary>The first id is the one that the peer chose for itself, once known.</summary>
    public void ReplaceFirst(in ConnectionId id) => _known[0] = _known[0] with { Id = id };

    public void SetFirstToken(byte[] token) => _known[0] = _known[0] with { Token = token };

    /// <summary>Takes a NEW_CONNECTION_ID frame.</summary>
    public void Add(long sequence, long retireBefore, in ConnectionId id, byte[] token)
    {
        foreach (var entry in _known)
        {
            if (entry.Sequence == sequence)
            {
                if (!entry.Id.Equals(id))
                    throw new ProtocolException(TransportError.ProtocolViolation, "one connection id, two meanings");
                return;
            }

            if (entry.Id.Equals(id))
                throw new ProtocolException(TransportError.ProtocolViolation, "a connection id came twice");
        }

        _retirePriorTo = Math.Max(_retirePriorTo, retireBefore);
        if (sequence < _retirePriorTo)
            Retire(sequence);
        else
            _known.Add(new Entry(sequence, id, token));
        for (int i = _known.Count - 1; i >= 0; i--)
        {
            if (_known[i].Sequence >= _retirePriorTo)
                continue;
            Retire(_known[i].Sequence);
            _known.RemoveAt(i);
        }

        if (_known.Count > Limit)
            throw new ProtocolException(TransportError.ConnectionIdLimit, "more connection ids than allowed");
        if (_known.Count == 0)
            throw new ProtocolException(TransportError.ProtocolViolation, "no connection id is left");
    }

    /// <summary>Goes on with a fresh id, so that the old and the new path cannot be linked.</summary>
    public bool TryAdvance()
    {
        if (_known.Count < 2)
            return false;
        Retire(_known[0].Sequence);
        _known.RemoveAt(0);
        return true;
    }

    public bool TryTakeRetired(out long sequence) => _retired.TryDequeue(out sequence);

    public bool IsResetToken(ReadOnlySpan<byte> token)
    {
        bool found = false;
        foreach (var entry in _known)
            found |= entry.Token is not null && CryptographicOperations.FixedTimeEquals(entry.Token, token);
        return found;
    }

    private void Retire(long sequence)
    {
        if (_retired.Count >= MaxRetiring)
            throw new ProtocolException(TransportError.ConnectionIdLimit, "too many connection ids to retire");
        _retired.Enqueue(sequence);
    }

    private readonly record struct Entry(long Sequence, ConnectionId Id, byte[]? Token);
}
