using System.Numerics;
using System.Runtime.CompilerServices;

namespace SIPSorcery.Net;

/// <summary>
/// An access unit cut into packet payloads once, however many peers it goes to. Payloads are described, not copied: a peer
/// copies straight into its own packet. Counted references decide when the buffers may be used again.
/// </summary>
internal sealed class PacketisedFrame
{
    readonly FramePacketiser? _owner;
    byte[] _data = [];
    H264Fragment[] _fragments = [];
    int _references;

    internal PacketisedFrame(FramePacketiser? owner) => _owner = owner;

    /// <summary>The number of packets.</summary>
    public int Count { get; private set; }
    public bool IsKeyFrame { get; private set; }
    /// <summary>The bytes of the access unit.</summary>
    public int Length { get; private set; }
    /// <summary>The size of all payloads together.</summary>
    public int PayloadBytes { get; private set; }

    public ref readonly H264Fragment this[int index] => ref _fragments[index];

    internal ReadOnlySpan<byte> AccessUnit => _data.AsSpan(0, Length);

    /// <summary>Writes the payload of a packet; returns its length.</summary>
    public int WritePayload(int index, Span<byte> destination)
    {
        ref readonly var fragment = ref _fragments[index];
        if (fragment.HeaderLength != 0)
        {
            destination[0] = fragment.Indicator;
            destination[1] = fragment.FuHeader;
        }
        _data.AsSpan(fragment.Offset, fragment.Length).CopyTo(destination[fragment.HeaderLength..]);
        return fragment.PayloadLength;
    }

    /// <summary>Keeps the frame for that many more users.</summary>
    public void Retain(int users) => Interlocked.Add(ref _references, users);

    /// <summary>Gives one use back; the last one returns the buffers.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            _owner?.Return(this);
    }

    internal void Load(ReadOnlySpan<byte> accessUnit, int maxPayload, bool aggregate)
    {
        Count = 0;
        PayloadBytes = 0;
        IsKeyFrame = false;
        Length = accessUnit.Length;
        // Room for the unit and, behind it, for aggregates: each unit in one had a start code, longer than its two-byte size.
        if (_data.Length < 2 * accessUnit.Length + 16)
            _data = new byte[Math.Max((int)BitOperations.RoundUpToPowerOf2((uint)(2 * accessUnit.Length + 16)), 16 * 1024)];
        accessUnit.CopyTo(_data);

        var aggregateEnd = accessUnit.Length;
        var pending = default(Aggregate);
        var reader = new AnnexBReader(accessUnit);
        while (reader.MoveNext())
        {
            IsKeyFrame |= H264NalType.Of(accessUnit[reader.Offset]) == H264NalType.Idr;
            if (aggregate && pending.Count > 0 && pending.SizeWith(reader.Length) <= maxPayload)
            {
                pending.Append(_data, ref aggregateEnd, reader.Offset, reader.Length);
                continue;
            }
            Flush(ref pending);
            if (reader.Length > maxPayload)
                Fragment(reader.Offset, reader.Length, maxPayload);
            else
                pending = Aggregate.Start(reader.Offset, reader.Length);
        }
        Flush(ref pending);
        Volatile.Write(ref _references, 1);
    }

    void Flush(ref Aggregate pending)
    {
        if (pending.Count > 0)
            Add(pending.Count == 1 ? new H264Fragment(pending.Offset, pending.Length, 0, 0, 0)
                : new H264Fragment(pending.Start0, pending.Size, 0, 0, 0));
        pending = default;
    }

    // FU-A: the unit's own header byte is taken apart and repeated in each fragment.
    void Fragment(int offset, int length, int maxPayload)
    {
        var header = _data[offset];
        var indicator = (byte)((header & ~H264NalType.TypeMask) | H264NalType.FuA);
        var left = length - 1;
        var parts = (left + maxPayload - 3) / (maxPayload - 2);
        offset++;
        for (var part = 0; part < parts; part++)
        {
            // As even as can be: a short last packet would cost as much as a full one.
            var size = (left + parts - part - 1) / (parts - part);
            var fu = (byte)(header & H264NalType.TypeMask | (part == 0 ? 0x80 : 0) | (part == parts - 1 ? 0x40 : 0));
            Add(new H264Fragment(offset, size, 2, indicator, fu));
            offset += size;
            left -= size;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Add(in H264Fragment fragment)
    {
        if (Count == _fragments.Length)
            Array.Resize(ref _fragments, Math.Max(32, 2 * Count));
        _fragments[Count++] = fragment;
        PayloadBytes += fragment.PayloadLength;
    }

    /// <summary>A STAP-A in the making, behind the access unit in the same buffer.</summary>
    struct Aggregate
    {
        public int Offset;
        public int Length;
        public int Start0;
        public int Size;
        public int Count;

        public static Aggregate Start(int offset, int length) => new() { Offset = offset, Length = length, Count = 1 };

        public readonly int SizeWith(int next) => (Count == 1 ? 1 + 2 + Length : Size) + 2 + next;

        public void Append(byte[] data, ref int end, int offset, int length)
        {
            if (Count == 1)
            {
                Start0 = end;
                data[end++] = (byte)(data[Offset] & H264NalType.ImportanceMask | H264NalType.StapA);
                Put(data, ref end, Offset, Length);
            }
            Put(data, ref end, offset, length);
            // The aggregate is as important as the most important unit in it.
            if ((data[offset] & H264NalType.ImportanceMask) > (data[Start0] & H264NalType.ImportanceMask))
                data[Start0] = (byte)(data[offset] & H264NalType.ImportanceMask | H264NalType.StapA);
            Size = end - Start0;
            Count++;
        }

        static void Put(byte[] data, ref int end, int offset, int length)
        {
            data[end++] = (byte)(length >> 8);
            data[end++] = (byte)length;
            data.AsSpan(offset, length).CopyTo(data.AsSpan(end));
            end += length;
        }
    }
}
