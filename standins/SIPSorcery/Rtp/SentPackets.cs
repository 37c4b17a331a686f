namespace SIPSorcery.Net;

/// <summary>The latest packets of a stream, by reference to their frames, for when they are asked for again.</summary>
internal sealed class SentPackets : IDisposable
{
    public const int Capacity = 1024;
    const long KeepMicros = 2_500_000;

    readonly Entry[] _entries = new Entry[Capacity];
    long _oldest;
    long _end;

    public struct Entry
    {
        public PacketisedFrame? Frame;
        public int Fragment;
        public ushort Sequence;
        public ushort TransportSequence;
        public uint AbsSendTime;
        public uint Timestamp;
        public byte PayloadType;
        public bool Marker;
        public long SentAt;
        public long AgainAt;
    }

    /// <summary>Makes room for a packet. The frame's reference goes with it.</summary>
    public ref Entry Add(long now)
    {
        while (_oldest < _end && (_end - _oldest == Capacity || now - _entries[_oldest % Capacity].SentAt > KeepMicros))
            Drop();
        return ref _entries[_end++ % Capacity];
    }

    /// <summary>Whether a packet is still here, and where. Sequence numbers are consecutive.</summary>
    public bool TryFind(ushort sequence, out int position)
    {
        position = 0;
        if (_oldest == _end)
            return false;
        var index = _end - 1 - (ushort)(_entries[(_end - 1) % Capacity].Sequence - sequence);
        position = (int)(index % Capacity);
        return index >= _oldest && _entries[position].Sequence == sequence;
    }

    public ref Entry At(int position) => ref _entries[position];

    public void Dispose()
    {
        while (_oldest < _end)
            Drop();
    }

    void Drop()
    {
        ref var entry = ref _entries[_oldest++ % Capacity];
        entry.Frame?.Release();
        entry = default;
    }
}
