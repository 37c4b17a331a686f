namespace Ball.Link.RawFrames;

/// <summary>
/// Puts frames together from messages that may be lost, doubled or out of order. The latest wins: at most two frames are under
/// way, and one that is overtaken is dropped and counted.
/// </summary>
public sealed class RawFrameAssembler
{
    /// <summary>The largest frame that is put together.</summary>
    public const int LargestFrame = 64 * 1024 * 1024;

    /// <summary>A frame this far behind the latest is no straggler: the sender has started anew.</summary>
    const long Restart = 1000;

    readonly int _maxFrameBytes;
    readonly Assembly[] _assemblies = [new(), new()];
    long _delivered = -1;

    /// <param name="maxFrameBytes">The largest frame for which memory is taken.</param>
    public RawFrameAssembler(int maxFrameBytes = LargestFrame) => _maxFrameBytes = maxFrameBytes;

    /// <summary>Frames that were delivered.</summary>
    public long Completed { get; private set; }

    /// <summary>Frames that were overtaken before they were whole.</summary>
    public long Dropped { get; private set; }

    /// <summary>Messages that came twice or too late.</summary>
    public long Stale { get; private set; }

    /// <summary>Messages that were no part of any frame.</summary>
    public long Malformed { get; private set; }

    /// <summary>Takes a message. True when a frame is whole with it.</summary>
    public bool Accept(ReadOnlySpan<byte> message, out RawFrame frame)
    {
        frame = default;
        if (!RawFrameHeader.TryRead(message, out var header, out var pixels) || header.Layout.ByteCount > _maxFrameBytes)
        {
            Malformed++;
            return false;
        }
        if (header.Frame <= _delivered)
        {
            if (header.Frame > _delivered - Restart)
            {
                Stale++;
                return false;
            }
            Abandon(long.MaxValue);
            _delivered = -1;
        }
        if (header.Count == 1)
        {
            Deliver(header.Frame);
            frame = new RawFrame(header, pixels);
            return true;
        }
        if (Find(header, pixels.Length) is not { } assembly)
        {
            Stale++;
            return false;
        }
        switch (assembly.Add(header, pixels))
        {
            case Added.Foreign:
                Malformed++;
                return false;
            case Added.Again:
                Stale++;
                return false;
            case Added.Part:
                return false;
        }
        frame = new RawFrame(assembly.Header, assembly.Pixels);
        assembly.Clear();
        Deliver(header.Frame);
        return true;
    }

    /// <summary>The assembly the chunk belongs to; a new one in the place of the older where there is none yet.</summary>
    Assembly? Find(in RawFrameHeader header, int length)
    {
        Assembly oldest = _assemblies[0];
        foreach (var assembly in _assemblies)
        {
            if (assembly.IsActive && assembly.Header.Frame == header.Frame)
                return assembly;
            if (!assembly.IsActive || oldest.IsActive && assembly.Header.Frame < oldest.Header.Frame)
                oldest = assembly;
        }
        if (oldest.IsActive)
        {
            if (header.Frame < oldest.Header.Frame)
                return null;
            Dropped++;
        }
        oldest.Begin(header, length);
        return oldest;
    }

    void Deliver(long number)
    {
        _delivered = number;
        Completed++;
        Abandon(number);
    }

    void Abandon(long upTo)
    {
        foreach (var assembly in _assemblies)
        {
            if (!assembly.IsActive || assembly.Header.Frame > upTo)
                continue;
            assembly.Clear();
            Dropped++;
        }
    }

    enum Added
    {
        Foreign,
        Again,
        Part,
        Whole,
    }

    sealed class Assembly
    {
        byte[] _pixels = [];
        ulong[] _seen = [];
        int _missing;
        int _chunkSize;

        public bool IsActive { get; private set; }

        public RawFrameHeader Header { get; private set; }

        public ReadOnlySpan<byte> Pixels => _pixels.AsSpan(0, Header.Layout.ByteCount);

        public void Begin(in RawFrameHeader header, int length)
        {
            IsActive = true;
            Header = header;
            _missing = header.Count;
            _chunkSize = header.ChunkSize(length);
            if (_pixels.Length < header.Layout.ByteCount)
                _pixels = GC.AllocateUninitializedArray<byte>(header.Layout.ByteCount);
            int words = (header.Count + 63) / 64;
            if (_seen.Length < words)
                _seen = new ulong[words];
            _seen.AsSpan(0, words).Clear();
        }

        public Added Add(in RawFrameHeader header, ReadOnlySpan<byte> chunk)
        {
            // All chunks tell the same story, or somebody plays tricks.
            if (header.Count != Header.Count || header.Layout != Header.Layout || header.Rtp != Header.Rtp
                || header.Time != Header.Time || header.ChunkSize(chunk.Length) != _chunkSize)
                return Added.Foreign;
            ref ulong word = ref _seen[header.Index / 64];
            ulong bit = 1ul << (header.Index % 64);
            if ((word & bit) != 0)
                return Added.Again;
            word |= bit;
            chunk.CopyTo(_pixels.AsSpan(header.Offset));
            return --_missing == 0 ? Added.Whole : Added.Part;
        }

        public void Clear() => IsActive = false;
    }
}
