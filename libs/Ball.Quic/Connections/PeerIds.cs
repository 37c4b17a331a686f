using System.Security.Cryptography;
using Ball.Quic.Packets;

namespace Ball.Quic.Connections;

/// <summary>The ids by which the peer wants to be addressed (RFC 9000, section 5.1).</summary>
sealed class PeerIds
{
    public const int Limit = 4;
    private const int MaxRetiring = 64;

    private readonly List<Entry> known = [];
    private readonly Queue<long> retired = new();
    private long retirePriorTo;

    public PeerIds(in ConnectionId first)
    {
        known.Add(new Entry(0, first, null));
    }

    public ConnectionId Current => known[0].Id;

    /// <summary>The first id is the one that the peer chose for itself, once known.</summary>
    public void ReplaceFirst(in ConnectionId id) => known[0] = known[0] with { Id = id };

    public void SetFirstToken(byte[] token) => known[0] = known[0] with { Token = token };

    /// <summary>Takes a NEW_CONNECTION_ID frame.</summary>
    public void Add(long sequence, long retireBefore, in ConnectionId id, byte[] token)
    {
        foreach (var entry in known)
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

        retirePriorTo = Math.Max(retirePriorTo, retireBefore);
        if (sequence < retirePriorTo)
            Retire(sequence);
        else
            known.Add(new Entry(sequence, id, token));
        for (int i = known.Count - 1; i >= 0; i--)
        {
            if (known[i].Sequence >= retirePriorTo)
                continue;
            Retire(known[i].Sequence);
            known.RemoveAt(i);
        }

        if (known.Count > Limit)
            throw new ProtocolException(TransportError.ConnectionIdLimit, "more connection ids than allowed");
        if (known.Count == 0)
            throw new ProtocolException(TransportError.ProtocolViolation, "no connection id is left");
    }

    /// <summary>Goes on with a fresh id, so that the old and the new path cannot be linked.</summary>
    public bool TryAdvance()
    {
        if (known.Count < 2)
            return false;
        Retire(known[0].Sequence);
        known.RemoveAt(0);
        return true;
    }

    public bool TryTakeRetired(out long sequence) => retired.TryDequeue(out sequence);

    public bool IsResetToken(ReadOnlySpan<byte> token)
    {
        bool found = false;
        foreach (var entry in known)
            found |= entry.Token is not null && CryptographicOperations.FixedTimeEquals(entry.Token, token);
        return found;
    }

    private void Retire(long sequence)
    {
        if (retired.Count >= MaxRetiring)
            throw new ProtocolException(TransportError.ConnectionIdLimit, "too many connection ids to retire");
        retired.Enqueue(sequence);
    }

    private readonly record struct Entry(long Sequence, ConnectionId Id, byte[]? Token);
}
