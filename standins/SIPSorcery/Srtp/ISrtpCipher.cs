namespace SIPSorcery.Net;

/// <summary>The cryptography of a protection profile for one direction. It knows no state of the session.</summary>
internal interface ISrtpCipher : IDisposable
{
    int TagSize { get; }

    /// <summary>Encrypts the payload and writes the tag behind it; returns the length.</summary>
    int SealRtp(Span<byte> buffer, int length, int headerLength, uint ssrc, long index);

    /// <summary>Checks the tag, then decrypts; returns the length, or -1 when the packet is forged.</summary>
    int OpenRtp(Span<byte> buffer, int length, int headerLength, uint ssrc, long index);

    /// <summary>Encrypts all but the first eight bytes, and writes the tag and the index word.</summary>
    int SealRtcp(Span<byte> buffer, int length, uint ssrc, uint index);

    /// <summary>Reads the index word of a protected packet.</summary>
    uint ReadRtcpIndex(ReadOnlySpan<byte> packet);

    /// <summary>Checks the tag, then decrypts; returns the length, or -1 when the packet is forged.</summary>
    int OpenRtcp(Span<byte> buffer, int length, uint ssrc, uint index);
}
