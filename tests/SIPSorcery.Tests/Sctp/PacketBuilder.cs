using System.Buffers.Binary;
using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

/// <summary>Takes packets apart and puts crafted ones together.</summary>
internal static class PacketBuilder
{
    public readonly record struct Chunk(byte Type, byte Flags, byte[] Body);

    public static uint Tag(byte[] packet) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4));

    public static List<Chunk> Chunks(byte[] packet)
    {
        var chunks = new List<Chunk>();
        for (var at = 12; at + 4 <= packet.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at + 2));
            if (length < 4 || at + length > packet.Length)
                break;
            chunks.Add(new Chunk(packet[at], packet[at + 1], packet[(at + 4)..(at + length)]));
            at += (length + 3) & ~3;
        }

        return chunks;
    }

    public static bool Has(byte[] packet, byte type) => Chunks(packet).Any(c => c.Type == type);

    public static byte[] Build(uint tag, params Chunk[] chunks)
    {
        var bytes = new List<byte> { 0x13, 0x88, 0x13, 0x88, (byte)(tag >> 24), (byte)(tag >> 16), (byte)(tag >> 8),
            (byte)tag, 0, 0, 0, 0 };
        foreach (var chunk in chunks)
        {
            var length = chunk.Body.Length + 4;
            bytes.AddRange([chunk.Type, chunk.Flags, (byte)(length >> 8), (byte)length]);
            bytes.AddRange(chunk.Body);
            while (bytes.Count % 4 != 0)
                bytes.Add(0);
        }

        return Seal([.. bytes]);
    }

    public static byte[] Seal(byte[] packet)
    {
        if (packet.Length >= 12)
            BinaryPrimitives.WriteUInt32LittleEndian(packet.AsSpan(8), Crc32c.ComputePacket(packet));
        return packet;
    }

    public static Chunk Data(uint tsn, ushort stream, ushort sequence, byte[] payload, byte flags = 3, uint ppid = 53)
    {
        var body = new byte[12 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(body, tsn);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(4), stream);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(6), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(8), ppid);
        payload.CopyTo(body, 12);
        return new Chunk(0, flags, body);
    }

    public static uint U32(Chunk chunk, int at = 0) => BinaryPrimitives.ReadUInt32BigEndian(chunk.Body.AsSpan(at));

    public static ushort U16(Chunk chunk, int at) => BinaryPrimitives.ReadUInt16BigEndian(chunk.Body.AsSpan(at));
}
