namespace SIPSorcery.Net;

/// <summary>
/// What a <see cref="MediaTransport"/> needs, and whom it tells. Calls come inside of the transport's own methods.
/// </summary>
internal interface IMediaTransportOwner
{
    /// <summary>Room for a datagram, for instance in a batch; it is valid until <see cref="Send"/>.</summary>
    Span<byte> RentDatagram(int size);

    /// <summary>Sends the first bytes of the room rented last; 0 gives it back unused.</summary>
    void Send(int length);

    void OnFrame(VideoReceiver receiver, in ReceivedFrame frame);

    /// <summary>An RTP packet came, as decrypted; no receiver when it belongs to no stream.</summary>
    void OnRtp(VideoReceiver? receiver, in RtpPacketView view, ReadOnlySpan<byte> packet);

    /// <summary>An RTCP datagram came, or went, in the clear.</summary>
    void OnRtcp(ReadOnlySpan<byte> datagram, bool sent);

    /// <summary>The other side cannot decode without a key frame. Comes at most five times a second for each stream.</summary>
    void OnKeyFrameWanted(VideoSender sender);

    /// <summary>The bitrate to send at, all streams together, changed by a few percent or more.</summary>
    void OnTargetBitrate(long bitsPerSecond);

    void OnBye(uint ssrc);
}
