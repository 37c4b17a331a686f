using Ball.Quic.Packets;

namespace Ball.Quic.Crypto;

/// <summary>
/// Removes the protection from packets of one space. In the application space it follows the peer's key updates: the
/// next key is kept ready, so that a packet costs the same time whichever phase it claims (RFC 9001, section 6).
/// </summary>
sealed class PacketOpener : IDisposable
{
    private readonly CipherSuite _suite;
    private readonly HeaderKey _header;
    private byte[] _nextSecret;
    private AeadKey _key;
    private AeadKey _next;
    private AeadKey? _previous;
    private long _firstOfPhase;

    public PacketOpener(CipherSuite suite, byte[] secret)
    {
        _suite = suite;
        _header = new HeaderKey(suite, secret);
        _key = new AeadKey(suite, secret);
        _nextSecret = KeySchedule.NextSecret(suite, secret);
        _next = new AeadKey(suite, _nextSecret);
    }

    public bool KeyPhase { get; private set; }

    /// <summary>Packets that did not open; forgery is limited by counting them.</summary>
    public long Failed { get; private set; }

    /// <summary>Opens a packet in place; false for anything that the peer did not seal.</summary>
    public bool TryOpen(Span<byte> packet, int numberOffset, long largestReceived, out OpenedPacket opened)
    {
        opened = default;
        if (packet.Length < numberOffset + 4 + HeaderKey.SampleLength)
            return false;

        // The mask lives in the key's buffer until the next one.
        var mask = _header.Mask(packet.Slice(numberOffset + 4, HeaderKey.SampleLength));
        bool isLong = (packet[0] & 0x80) != 0;
        packet[0] ^= (byte)(mask[0] & (isLong ? 0x0f : 0x1f));
        int numberLength = (packet[0] & 3) + 1;
        long truncated = 0;
        for (int i = 0; i < numberLength; i++)
        {
            packet[numberOffset + i] ^= mask[1 + i];
            truncated = (truncated << 8) | packet[numberOffset + i];
        }

        long number = PacketNumber.Decode(largestReceived, truncated, numberLength);
        int payloadOffset = numberOffset + numberLength;
        var sealedPayload = packet[payloadOffset..];
        int length = sealedPayload.Length - AeadKey.TagLength;
        if (length < 0)
            return false;

        var candidate = isLong ? _key : KeyFor((packet[0] & 0x04) != 0, number);
        if (!candidate.TryOpen(number, packet[..payloadOffset], sealedPayload, sealedPayload[..length]))
        {
            Failed++;
            return false;
        }

        bool updated = candidate == _next;
        if (updated)
            Advance(number);
        else if (candidate == _key && number < _firstOfPhase)
            _firstOfPhase = number;
        bool reserved = (packet[0] & (isLong ? 0x0c : 0x18)) != 0;
        opened = new OpenedPacket(number, payloadOffset, length, reserved, updated);
        return true;
    }

    public void Dispose()
    {
        _header.Dispose();
        _key.Dispose();
        _next.Dispose();
        _previous?.Dispose();
    }

    // Of a phase that is not ours, what came late is of the old one and what is new is of the next.
    private AeadKey KeyFor(bool phase, long number)
    {
        if (phase == KeyPhase)
            return _key;
        return _previous is not null && number < _firstOfPhase ? _previous : _next;
    }

    private void Advance(long number)
    {
        _previous?.Dispose();
        _previous = _key;
        _key = _next;
        _nextSecret = KeySchedule.NextSecret(_suite, _nextSecret);
        _next = new AeadKey(_suite, _nextSecret);
        KeyPhase = !KeyPhase;
        _firstOfPhase = number;
    }
}
