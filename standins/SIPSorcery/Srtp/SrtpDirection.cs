using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>
/// SRTP and SRTCP for the packets that go one way. Works in place on the caller's buffer, allocates nothing per packet,
/// and changes no state before a packet has proved genuine. Not thread-safe.
/// </summary>
internal sealed class SrtpDirection : IDisposable
{
    /// <summary>The room behind a packet that protection may need: the tag and the SRTCP index.</summary>
    public const int MaxOverhead = 16 + 4;

    const int RtcpHeader = 8;
    const uint LastRtcpIndex = 0x7FFF_FFFF;

    readonly ISrtpCipher _cipher;
    readonly SrtpSources _sources = new();

    public SrtpDirection(in SrtpKeys keys)
        : this(keys.Profile == SrtpProfile.AeadAes128Gcm ? new AesGcmCipher(keys) : new AesCmSha1Cipher(keys))
    {
    }

    internal SrtpDirection(ISrtpCipher cipher) => _cipher = cipher;

    /// <summary>Packets refused because their tag is wrong.</summary>
    public long Forged { get; private set; }
    /// <summary>Packets refused because they were seen before, or are too old to tell.</summary>
    public long Replayed { get; private set; }
    /// <summary>Packets refused because they are no RTP or RTCP, or belong to one source too many.</summary>
    public long Refused { get; private set; }

    /// <summary>Protects an RTP packet; returns its new length, or one of <see cref="SrtpResult"/>.</summary>
    /// <remarks>
    /// A sequence number that was used is refused, since two packets under one index would give AES-GCM's key away, unless it is
    /// <paramref name="again"/> the same packet to the last bit, for a retransmission.
    /// </remarks>
    public int ProtectRtp(Span<byte> buffer, int length, bool again = false)
    {
        if (!RtpPacketView.TryMeasureHeader(buffer[..length], out var header, out _))
            return SrtpResult.Malformed;
        if (buffer.Length < length + _cipher.TagSize)
            return SrtpResult.NoRoom;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(buffer[8..]);
        if (_sources.Find(ssrc) is not { } source && !_sources.TryAdd(ssrc, out source))
            return SrtpResult.TooManySources;
        var index = SrtpSource.EstimateIndex(source.Rtp.Highest, BinaryPrimitives.ReadUInt16BigEndian(buffer[2..]));
        if (index >> 48 != 0)
            return SrtpResult.KeyExhausted;
        if (source.Rtp.IsFresh(index))
            source.Rtp.Add(index);
        else if (!again)
            return SrtpResult.Replayed;
        return _cipher.SealRtp(buffer, length, header, ssrc, index);
    }

    /// <summary>Checks and decrypts an RTP packet; returns its new length, or one of <see cref="SrtpResult"/>.</summary>
    public int UnprotectRtp(Span<byte> buffer, int length)
    {
        if (length > buffer.Length || !RtpPacketView.TryMeasureHeader(buffer[..length], out var header, out _)
            || length < header + _cipher.TagSize)
        {
            Refused++;
            return SrtpResult.Malformed;
        }
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(buffer[8..]);
        var source = _sources.Find(ssrc);
        var index = SrtpSource.EstimateIndex(source?.Rtp.Highest ?? -1, BinaryPrimitives.ReadUInt16BigEndian(buffer[2..]));
        if (source?.Rtp.IsFresh(index) == false)
        {
            Replayed++;
            return SrtpResult.Replayed;
        }
        if (source is null && _sources.Count == SrtpSources.Limit)
        {
            Refused++;
            return SrtpResult.TooManySources;
        }
        length = _cipher.OpenRtp(buffer, length, header, ssrc, index);
        if (length < 0)
        {
            Forged++;
            return SrtpResult.Forged;
        }
        if (source is null)
            _sources.TryAdd(ssrc, out source);
        source.Rtp.Add(index);
        return length;
    }

    /// <summary>Protects an RTCP datagram; returns its new length, or one of <see cref="SrtpResult"/>.</summary>
    public int ProtectRtcp(Span<byte> buffer, int length)
    {
        if (length < RtcpHeader)
            return SrtpResult.Malformed;
        if (buffer.Length < length + _cipher.TagSize + 4)
            return SrtpResult.NoRoom;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]);
        if (_sources.Find(ssrc) is not { } source && !_sources.TryAdd(ssrc, out source))
            return SrtpResult.TooManySources;
        if (source.NextRtcp > LastRtcpIndex)
            return SrtpResult.KeyExhausted;
        return _cipher.SealRtcp(buffer, length, ssrc, source.NextRtcp++);
    }

    /// <summary>Checks and decrypts an RTCP datagram; returns its new length, or one of <see cref="SrtpResult"/>.</summary>
    public int UnprotectRtcp(Span<byte> buffer, int length)
    {
        if (length > buffer.Length || length < RtcpHeader + _cipher.TagSize + 4 || buffer[0] >> 6 != RTCPHeader.RTCP_VERSION)
        {
            Refused++;
            return SrtpResult.Malformed;
        }
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]);
        var word = _cipher.ReadRtcpIndex(buffer[..length]);
        long index = word & LastRtcpIndex;
        var source = _sources.Find(ssrc);
        if (source?.Rtcp.IsFresh(index) == false)
        {
            Replayed++;
            return SrtpResult.Replayed;
        }
        if (source is null && _sources.Count == SrtpSources.Limit)
        {
            Refused++;
            return SrtpResult.TooManySources;
        }
        length = _cipher.OpenRtcp(buffer, length, ssrc, word);
        if (length < 0)
        {
            Forged++;
            return SrtpResult.Forged;
        }
        if (source is null)
            _sources.TryAdd(ssrc, out source);
        source.Rtcp.Add(index);
        return length;
    }

    public void Dispose() => _cipher.Dispose();
}
