using Ball.Quic.Packets;
using Ball.Quic.Tls;

namespace Ball.Quic.Connections;

// Datagrams in: coalesced packets, protection, frames.
sealed partial class Connection
{
    private const long MaxForgeries = 1L << 30;

    private long _packetsReceived;
    private long _bytesReceived;

    /// <summary>Takes a datagram that an endpoint found to be this connection's. Its bytes are overwritten.</summary>
    public void Receive(Span<byte> datagram, PeerAddress from, long now)
    {
        if (State is ConnectionState.Closed or ConnectionState.Draining)
            return;
        if (State == ConnectionState.Closing)
        {
            AnswerWhileClosing();
            return;
        }

        if (PathOf(from) is not { } path)
            return;
        path.Received += datagram.Length;
        _bytesReceived += datagram.Length;
        _recovery.IsBlocked = false;

        try
        {
            while (datagram.Length > 0 && PacketHeader.TryRead(datagram, out var header))
            {
                ReceivePacket(header, datagram[..header.Length], path, now);
                if (State > ConnectionState.Established)
                    return;
                datagram = datagram[header.Length..];
            }
        }
        catch (ProtocolException violation)
        {
            CloseFor(violation, now);
        }
    }

    private void ReceivePacket(in PacketHeader header, Span<byte> packet, NetworkPath path, long now)
    {
        if (header.Type == PacketType.Retry)
        {
            HandleRetry(header, packet);
            return;
        }

        if (header.Type is PacketType.ZeroRtt or PacketType.VersionNegotiation)
            return;

        var space = Space(header.Type switch
        {
            PacketType.Initial => EncryptionLevel.Initial,
            PacketType.Handshake => EncryptionLevel.Handshake,
            _ => EncryptionLevel.Application
        });

        // A server reads no application packets before it has seen the whole handshake.
        bool tooEarly = space.Level == EncryptionLevel.Application && State == ConnectionState.Handshaking && _isServer;
        if (space.Opener is null || tooEarly)
            return;
        Span<byte> tail = stackalloc byte[16];
        bool mayBeReset = header.Type == PacketType.OneRtt && packet.Length >= 21;
        if (mayBeReset)
            packet[^16..].CopyTo(tail);
        if (!space.Opener.TryOpen(packet, header.NumberOffset, space.LargestReceived, out var opened))
        {
            if (mayBeReset && _peerIds.IsResetToken(tail))
                Drain(new QuicException("the peer has lost the connection's state", byPeer: true), now);
            else if (space.Opener.Failed > MaxForgeries)
                throw new ProtocolException(TransportError.AeadLimitReached, "too many forged packets");
            return;
        }

        if (space.WasReceived(opened.Number))
            return;
        if (opened.ReservedBitsSet)
            throw new ProtocolException(TransportError.ProtocolViolation, "reserved bits are set");
        if (opened.PayloadLength == 0)
            throw new ProtocolException(TransportError.ProtocolViolation, "a packet without frames");
        if (opened.KeyUpdated)
            FollowKeyUpdate();
        AdoptPeerId(header);
        if (_isServer && header.Type == PacketType.Handshake)
        {
            // Only who got our Initial can send this: the address is proven, and Initial keys are over.
            path.IsValidated = true;
            if (!Space(EncryptionLevel.Initial).IsDiscarded)
                _recovery.Discard(Space(EncryptionLevel.Initial));
        }

        _packetsReceived++;
        _lastReceivedAt = _idleSince = now;
        _elicitedSinceReceive = false;
        _keepAliveSent = false;
        bool isNewest = opened.Number > space.LargestReceived;
        var summary = ReadFrames(space, header, packet.Slice(opened.PayloadOffset, opened.PayloadLength), path, now);
        if (!space.IsDiscarded)
            space.NoteReceived(opened.Number, summary.AckEliciting, now);
        if (isNewest && !summary.IsProbing && path != _active && State == ConnectionState.Established)
            Migrate(path, now);
    }

    // The first packet tells which id the peer chose for itself.
    private void AdoptPeerId(in PacketHeader header)
    {
        if (_peerIdKnown || header.Type == PacketType.OneRtt)
            return;
        _peerIdKnown = true;
        if (!_isServer)
            _peerIds.ReplaceFirst(header.Source);
    }
}
