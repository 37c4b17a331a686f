namespace SIPSorcery.Net;

/// <summary>When the latest packets with a transport-wide sequence number left, and how large they were.</summary>
internal sealed class SendLog
{
    const int Capacity = 4096;

    readonly long[] _times = new long[Capacity];
    readonly int[] _sizes = new int[Capacity];
    readonly ushort[] _sequences = new ushort[Capacity];

    public void Add(ushort sequence, int size, long now)
    {
        var slot = sequence % Capacity;
        (_times[slot], _sizes[slot], _sequences[slot]) = (now, size, sequence);
    }

    /// <summary>Finds a packet and forgets it: it counts once only.</summary>
    public bool TryTake(ushort sequence, out long sentAt, out int size)
    {
        var slot = sequence % Capacity;
        (sentAt, size) = (_times[slot], _sizes[slot]);
        if (size == 0 || _sequences[slot] != sequence)
            return false;
        _sizes[slot] = 0;
        return true;
    }
}
