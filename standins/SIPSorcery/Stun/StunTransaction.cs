using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>
/// A transaction number. Its first half names the agent that asked, so that a socket which serves many agents can hand the
/// answer to the right one.
/// </summary>
internal readonly record struct StunTransaction(uint Agent, ulong Number)
{
    public static StunTransaction Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[4..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Agent);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[4..], Number);
    }
}
