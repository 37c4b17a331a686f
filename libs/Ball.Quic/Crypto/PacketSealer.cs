using Ball.Quic.Packets;

namespace Ball.Quic.Crypto;

/// <summary>Protects the packets that one side sends in one space, and renews its key when told.</summary>
sealed class PacketSealer : IDisposable
{
    private readonly CipherSuite _suite;
    private readonly HeaderKey _header;
    private byte[] _secret;
    private AeadKey _key;

    public PacketSealer(CipherSuite suite, byte[] secret)
    {
        _suite = suite;
        _secret = secret;
        _header = new HeaderKey(suite, secret);
        _key = new AeadKey(suite, secret);
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
        _key.Seal(number, packet[..payloadOffset], packet.Slice(payloadOffset, payloadLength),
            packet.Slice(payloadOffset + payloadLength, AeadKey.TagLength));
        Sealed++;

        var mask = _header.Mask(packet.Slice(numberOffset + 4, HeaderKey.SampleLength));
        packet[0] ^= (byte)(mask[0] & ((packet[0] & 0x80) != 0 ? 0x0f : 0x1f));
        for (int i = 0; i < numberLength; i++)
            packet[numberOffset + i] ^= mask[1 + i];
        return length;
    }

    public void UpdateKey()
    {
        _secret = KeySchedule.NextSecret(_suite, _secret);
        _key.Dispose();
        _key = new AeadKey(_suite, _secret);
        KeyPhase = !KeyPhase;
        Sealed = 0;
    }

    public void Dispose()
    {
        _header.Dispose();
        _key.Dispose();
    }
}
