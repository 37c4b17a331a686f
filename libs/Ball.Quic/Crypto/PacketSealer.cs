using Ball.Quic.Packets;

namespace Ball.Quic.Crypto;

/// <summary>Protects the packets that one side sends in one space, and renews its key when told.</summary>
sealed class PacketSealer : IDisposable
{
    private readonly CipherSuite suite;
    private readonly HeaderKey header;
    private byte[] secret;
    private AeadKey key;

    public PacketSealer(CipherSuite suite, byte[] secret)
    {
        this.suite = suite;
        this.secret = secret;
        header = new HeaderKey(suite, secret);
        key = new AeadKey(suite, secret);
    }

    public bool KeyPhase { get; private set; }

    /// <summary>Packets sealed since the key is in use.</summary>
    public long Sealed { get; private set; }

    /// <summary>Seals a packet in place. There must be room for the tag behind the payload.</summary>
    /// <returns>The length of the whole packet.</returns>
    public int Seal(Span<byte> packet, int numberOffset, int numberLength, int payloadLength, long number)
    {
        int payloadOffset = numberOffset + numberLength;
        int length = payloadOffset + payloadLength + AeadKey.TagLength;
        key.Seal(number, packet[..payloadOffset], packet.Slice(payloadOffset, payloadLength),
            packet.Slice(payloadOffset + payloadLength, AeadKey.TagLength));
        Sealed++;

        var mask = header.Mask(packet.Slice(numberOffset + 4, HeaderKey.SampleLength));
        packet[0] ^= (byte)(mask[0] & ((packet[0] & 0x80) != 0 ? 0x0f : 0x1f));
        for (int i = 0; i < numberLength; i++)
            packet[numberOffset + i] ^= mask[1 + i];
        return length;
    }

    public void UpdateKey()
    {
        secret = KeySchedule.NextSecret(suite, secret);
        key.Dispose();
        key = new AeadKey(suite, secret);
        KeyPhase = !KeyPhase;
        Sealed = 0;
    }

    public void Dispose()
    {
        header.Dispose();
        key.Dispose();
    }
}
