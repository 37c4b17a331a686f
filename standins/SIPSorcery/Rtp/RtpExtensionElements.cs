namespace SIPSorcery.Net;

/// <summary>Walks the elements of a header extension block (RFC 8285), one-byte and two-byte form.</summary>
internal ref struct RtpExtensionElements
{
    readonly bool _twoBytes;
    ReadOnlySpan<byte> _rest;

    public RtpExtensionElements(ushort profile, ReadOnlySpan<byte> block)
    {
        _twoBytes = (profile & 0xFFF0) == RTPHeader.TWO_BYTE_EXTENSION_PROFILE;
        _rest = _twoBytes || profile == RTPHeader.ONE_BYTE_EXTENSION_PROFILE ? block : default;
        Id = 0;
        Data = default;
    }

    public int Id { get; private set; }
    public ReadOnlySpan<byte> Data { get; private set; }

    public bool MoveNext()
    {
        while (_rest.Length > 0 && _rest[0] == 0)
            _rest = _rest[1..];
        if (_rest.Length == 0)
            return false;

        int header, length;
        if (_twoBytes)
        {
            if (_rest.Length < 2)
                return End();
            (header, Id, length) = (2, _rest[0], _rest[1]);
        }
        else
        {
            (header, Id, length) = (1, _rest[0] >> 4, (_rest[0] & 15) + 1);
            if (Id == 15)
                return End(); // Reserved: whatever follows must not be read (RFC 8285, 4.2).
        }
        if (_rest.Length < header + length)
            return End();
        Data = _rest.Slice(header, length);
        _rest = _rest[(header + length)..];
        return true;
    }

    bool End()
    {
        _rest = default;
        return false;
    }
}
