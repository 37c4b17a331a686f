namespace SIPSorcery.Tests.Dtls;

/// <summary>Reads and makes DTLS datagrams from outside.</summary>
internal static class DtlsDatagram
{
    public const byte Alert = 21;
    public const byte Handshake = 22;
    public const byte Data = 23;
    private const byte ChangeCipherSpec = 20;
    private const byte Hello = 1;
    private const int Header = 13;

    public static bool Is(byte[] packet) => packet[0] is >= 20 and < 64;

    /// <summary>Which step of the handshake a datagram is part of.</summary>
    public static DtlsFlight FlightOf(byte[] packet, bool fromClient)
    {
        if (packet[0] is not (ChangeCipherSpec or Handshake))
        {
            return DtlsFlight.None;
        }

        if (fromClient)
        {
            return packet[0] == Handshake && EpochOf(packet) == 0 && packet[Header] == Hello
                ? DtlsFlight.ClientHello
                : DtlsFlight.ClientFinished;
        }

        return packet[0] == ChangeCipherSpec || EpochOf(packet) > 0 ? DtlsFlight.ServerFinished : DtlsFlight.ServerHello;
    }

    /// <summary>A datagram of one record whose content is given.</summary>
    public static byte[] Record(byte type, ushort epoch, ulong number, ReadOnlySpan<byte> content) =>
    [
        type, 0xFE, 0xFD, (byte)(epoch >> 8), (byte)epoch,
        (byte)(number >> 40), (byte)(number >> 32), (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number,
        (byte)(content.Length >> 8), (byte)content.Length, .. content,
    ];

    /// <summary>A piece of a handshake message that says it is <paramref name="whole"/> bytes long.</summary>
    public static byte[] Fragment(byte type, int whole, ushort message, int offset, ReadOnlySpan<byte> piece, ulong number) =>
        Record(
            Handshake, 0, number,
            [
                type, (byte)(whole >> 16), (byte)(whole >> 8), (byte)whole, (byte)(message >> 8), (byte)message,
                (byte)(offset >> 16), (byte)(offset >> 8), (byte)offset,
                (byte)(piece.Length >> 16), (byte)(piece.Length >> 8), (byte)piece.Length, .. piece,
            ]);

    private static int EpochOf(byte[] packet) => (packet[3] << 8) | packet[4];
}
