using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>
/// Reads RFC 6184 payloads: single NAL units, STAP-A and FU-A. Types that nobody negotiates count as malformed.
/// </summary>
internal static class H264Payload
{
    const int FuHeaderSize = 2;
    const byte FuStart = 0x80;
    const byte FuEnd = 0x40;
    const byte FirstMacroblockIsZero = 0x80;

    static ReadOnlySpan<byte> StartCode => [0, 0, 0, 1];

    public static H264PayloadTraits Classify(ReadOnlySpan<byte> payload)
    {
        if (payload.Length == 0)
            return H264PayloadTraits.None;
        switch (H264NalType.Of(payload[0]))
        {
            case 0 or > H264NalType.LastSingle and not (H264NalType.StapA or H264NalType.FuA):
                return H264PayloadTraits.Malformed;
            case H264NalType.StapA:
                var traits = H264PayloadTraits.None;
                var rest = payload[1..];
                while (rest.Length > 0)
                {
                    if (!TryTakeUnit(ref rest, out var unit))
                        return H264PayloadTraits.Malformed;
                    traits |= OfUnit(unit);
                }
                return traits;
            case H264NalType.FuA:
                if (payload.Length <= FuHeaderSize)
                    return H264PayloadTraits.Malformed;
                var type = H264NalType.Of(payload[1]);
                return (payload[1] & FuStart) == 0 ? OfType(type) & ~H264PayloadTraits.FirstSlice
                    : OfType(type) | FirstSlice(type, payload[FuHeaderSize]);
            default:
                return OfUnit(payload);
        }
    }

    /// <summary>
    /// Adds a payload to an access unit in Annex B form; with an empty destination it only measures. False when the payload
    /// cannot follow what came before.
    /// </summary>
    public static bool TryAppend(ReadOnlySpan<byte> payload, Span<byte> destination, ref int length, ref bool inFragments)
    {
        if (payload.Length == 0)
            return true;
        switch (H264NalType.Of(payload[0]))
        {
            case H264NalType.StapA:
                if (inFragments)
                    return false;
                var rest = payload[1..];
                while (rest.Length > 0)
                {
                    if (!TryTakeUnit(ref rest, out var unit))
                        return false;
                    Put(StartCode, destination, ref length);
                    Put(unit, destination, ref length);
                }
                return true;
            case H264NalType.FuA:
                if (payload.Length <= FuHeaderSize)
                    return false;
                var starts = (payload[1] & FuStart) != 0;
                if (starts == inFragments)
                    return false;
                if (starts)
                {
                    Put(StartCode, destination, ref length);
                    var header = (byte)(payload[0] & ~H264NalType.TypeMask | payload[1] & H264NalType.TypeMask);
                    Put([header], destination, ref length);
                }
                Put(payload[FuHeaderSize..], destination, ref length);
                inFragments = (payload[1] & FuEnd) == 0;
                return true;
            default:
                if (inFragments)
                    return false;
                Put(StartCode, destination, ref length);
                Put(payload, destination, ref length);
                return true;
        }
    }

    static bool TryTakeUnit(ref ReadOnlySpan<byte> aggregate, out ReadOnlySpan<byte> unit)
    {
        unit = default;
        if (aggregate.Length < 2)
            return false;
        int size = BinaryPrimitives.ReadUInt16BigEndian(aggregate);
        if (size == 0 || aggregate.Length < 2 + size)
            return false;
        unit = aggregate.Slice(2, size);
        aggregate = aggregate[(2 + size)..];
        return true;
    }

    static H264PayloadTraits OfUnit(ReadOnlySpan<byte> unit)
    {
        var type = H264NalType.Of(unit[0]);
        return OfType(type) | (unit.Length > 1 ? FirstSlice(type, unit[1]) : H264PayloadTraits.None);
    }

    static H264PayloadTraits OfType(int type) => type switch
    {
        H264NalType.Sps => H264PayloadTraits.Sps,
        H264NalType.Pps => H264PayloadTraits.Pps,
        H264NalType.Idr => H264PayloadTraits.IdrSlice,
        H264NalType.Slice => H264PayloadTraits.OtherSlice,
        _ => H264PayloadTraits.None,
    };

    // first_mb_in_slice leads the slice header, and zero is coded as a single one bit.
    static H264PayloadTraits FirstSlice(int type, byte sliceHeader) =>
        type is H264NalType.Slice or H264NalType.Idr && (sliceHeader & FirstMacroblockIsZero) != 0
            ? H264PayloadTraits.FirstSlice : H264PayloadTraits.None;

    static void Put(ReadOnlySpan<byte> bytes, Span<byte> destination, ref int length)
    {
        if (!destination.IsEmpty)
            bytes.CopyTo(destination[length..]);
        length += bytes.Length;
    }
}
