using System.Buffers.Binary;
using Ball.Quic.Crypto;
using Ball.Quic.Packets;
using Ball.Quic.Recovery;
using Ball.Quic.Streams;
using Ball.Quic.Tls;

namespace Ball.Quic.Connections;

// Datagrams out: which packets, in which order, how large.
sealed partial class Connection
{
    private const int AeadTag = AeadKey.TagLength;
    private const int MinInitialDatagram = 1200;
    private const int AcksPerPing = 20;

    private long _pacedUntil = long.MaxValue;
    private long _firstOfKey;
    private bool _keyUpdateMayFollow;
    private int _acksSinceEliciting;
    private long _bytesSent;
    private long _keyUpdates;

    /// <summary>Packets sent so far, in all spaces.</summary>
    public long PacketsSent { get; private set; }

    /// <summary>Writes the next datagram. Call until it says that there is none.</summary>
    public bool TrySend(Span<byte> buffer, long now, out int length, out PeerAddress to)
    {
        length = 0;
        to = _active.Remote;
        if (State is ConnectionState.Closed or ConnectionState.Draining)
            return false;
        buffer = buffer[..Math.Min(buffer.Length, _options.PacketSize)];
        if (State == ConnectionState.Closing)
        {
            if (!_closePending || _active.Budget < MinInitialDatagram)
                return false;
            length = WriteClose(buffer, now);
            _active.Sent += length;
            return length > 0;
        }

        if (TryWritePathProbe(buffer, now, ref length, ref to))
        {
            _bytesSent += length;
            return true;
        }

        // Before the address is proven, only full datagrams go, as long as there is budget for them.
        if (_active.Budget < _options.PacketSize)
        {
            _recovery.IsBlocked = true;
            return false;
        }

        _recovery.IsBlocked = false;
        length = WriteDatagram(buffer, now);
        _active.Sent += length;
        _bytesSent += length;
        return length > 0;
    }

    /// <summary>
    /// Renews the sending key; the peer follows. Not before the peer has acknowledged something of the current one.
    /// </summary>
    public bool TryUpdateKey()
    {
        if (!_recovery.HandshakeConfirmed || !_keyUpdateMayFollow || Application.Sealer is not { } sealer)
            return false;
        if (sealer.KeyPhase != Application.Opener!.KeyPhase)
            return false;
        RenewKey(sealer);
        return true;
    }

    private void FollowKeyUpdate()
    {
        if (Application.Sealer is not { } sealer || sealer.KeyPhase == Application.Opener!.KeyPhase)
            return;
        RenewKey(sealer);
    }

    private void RenewKey(PacketSealer sealer)
    {
        sealer.UpdateKey();
        _firstOfKey = Application.NextNumber;
        _keyUpdateMayFollow = false;
        _keyUpdates++;
    }

    private int WriteDatagram(Span<byte> buffer, long now)
    {
        _pacedUntil = long.MaxValue;
        bool windowOpen = _recovery.Congestion.InFlight + _options.PacketSize <= _recovery.Congestion.Window;
        if (windowOpen && State == ConnectionState.Established)
        {
            long next = _recovery.Pacer.NextSend(now, _recovery.Congestion.Window, _recovery.Rtt.Smoothed);
            if (next > now)
            {
                windowOpen = false;
                if (HasApplicationData)
                    _pacedUntil = next;
            }
        }

        int length = 0;
        bool mustFill = false;
        for (int i = 0; i < _spaces.Length; i++)
        {
            var space = _spaces[i];
            if (space.Sealer is null || buffer.Length - length < 128)
                continue;
            if (space.Level == EncryptionLevel.Application && State != ConnectionState.Established)
                continue;
            bool last = i == 2 || !HandshakeHasMore(i + 1, now);
            length += WritePacket(buffer[length..], space, now, windowOpen, last, ref mustFill);
        }

        return length;
    }

    private bool HandshakeHasMore(int from, long now)
    {
        for (int i = from; i < 2; i++)
        {
            var space = _spaces[i];
            if (space.Sealer is not null
                && (space.CryptoOut.HasLost || space.CryptoOut.HasNew || space.HasAck || space.Probes > 0))
                return true;
        }

        return false;
    }

    private bool HasApplicationData => _control.Count > 0 || _datagramsOut.Count > 0 || _pingPending
        || (_sendQueue.Count > 0 && (_dataSent < _sendLimit || _sendQueue.Peek().Out!.HasLost));

    private int WritePacket(
        Span<byte> buffer, PacketSpace space, long now, bool windowOpen, bool isLast, ref bool mustFill)
    {
        bool mayElicit = windowOpen || space.Probes > 0;
        if (!mayElicit && !space.AckIsDue(now))
            return 0;

        if (space.Sealer!.Sealed >= _options.PacketsPerKey && space.Level == EncryptionLevel.Application)
            TryUpdateKey();
        var header = BeginPacket(buffer, space);
        if (header.PayloadOffset + AeadTag + 32 > buffer.Length)
            return 0;
        var writer = new WireWriter(buffer[header.PayloadOffset..^AeadTag]);
        var packet = _recovery.Rent();
        packet.Number = space.NextNumber;
        bool eliciting = false;

        bool ackDue = space.AckIsDue(now);
        if (space.HasAck)
            WriteAck(ref writer, space, packet, now);
        int afterAck = writer.Length;
        if (mayElicit)
            WriteFrames(ref writer, space, packet, ref eliciting);
        if (!eliciting && (space.Probes > 0 || (afterAck > 0 && ackDue && _acksSinceEliciting >= AcksPerPing)))
        {
            writer.WriteVarInt(FrameType.Ping);
            eliciting = true;
        }

        // An acknowledgement that is not due yet waits for company.
        if (writer.Length == 0 || (!eliciting && !ackDue))
        {
            _recovery.Recycle(packet);
            return 0;
        }

        _acksSinceEliciting = eliciting ? 0 : _acksSinceEliciting + 1;
        if (afterAck > 0)
            space.NoteAckSent();
        mustFill |= space.Level == EncryptionLevel.Initial && (eliciting || !_isServer);
        bool noRoomForMore = writer.Remaining < 160;
        bool padded = false;
        if (mustFill && (isLast || noRoomForMore) && writer.Remaining > 0)
        {
            writer.WriteZeros(writer.Remaining);
            padded = true;
        }

        int shortfall = 4 - header.NumberLength - writer.Length;
        if (shortfall > 0)
            writer.WriteZeros(shortfall);
        int length = EndPacket(buffer, space, header, writer.Length);
        packet.Size = length;
        packet.AckEliciting = eliciting;
        packet.InFlight = eliciting || padded;
        if (space.Probes > 0 && eliciting)
            space.Probes--;
        _recovery.OnSent(space, packet, now);
        if (eliciting && !_elicitedSinceReceive)
        {
            _elicitedSinceReceive = true;
            _idleSince = now;
        }

        if (!_isServer && space.Level == EncryptionLevel.Handshake && !Space(EncryptionLevel.Initial).IsDiscarded)
            _recovery.Discard(Space(EncryptionLevel.Initial));
        return length;
    }

    private PacketStart BeginPacket(Span<byte> buffer, PacketSpace space)
    {
        int numberLength = PacketNumber.LengthOf(space.NextNumber, space.LargestAcked);
        var writer = new WireWriter(buffer);
        if (space.Level == EncryptionLevel.Application)
        {
            writer.WriteByte((byte)(0x40 | (space.Sealer!.KeyPhase ? 0x04 : 0) | (numberLength - 1)));
            _peerIds.Current.CopyTo(writer.Free);
            writer.Advance(_peerIds.Current.Length);
            int shortOffset = writer.Length;
            PacketNumber.Write(writer.Free, space.NextNumber, numberLength);
            return new PacketStart(-1, shortOffset, numberLength);
        }

        int type = space.Level == EncryptionLevel.Initial ? 0 : 2;
        writer.WriteByte((byte)(0xc0 | (type << 4) | (numberLength - 1)));
        writer.WriteUInt32(QuicVersion.One);
        writer.WriteId(_peerIds.Current);
        writer.WriteId(_localFirst);
        if (space.Level == EncryptionLevel.Initial)
        {
            writer.WriteVarInt(_retryToken.Length);
            writer.WriteBytes(_retryToken);
        }

        int lengthOffset = writer.Length;
        writer.Advance(2);
        int numberOffset = writer.Length;
        PacketNumber.Write(writer.Free, space.NextNumber, numberLength);
        return new PacketStart(lengthOffset, numberOffset, numberLength);
    }

    private int EndPacket(Span<byte> buffer, PacketSpace space, PacketStart header, int payloadLength)
    {
        if (header.LengthOffset >= 0)
        {
            int rest = header.NumberLength + payloadLength + AeadTag;
            BinaryPrimitives.WriteUInt16BigEndian(buffer[header.LengthOffset..], (ushort)(rest | 0x4000));
        }

        long number = space.NextNumber++;
        PacketsSent++;
        return space.Sealer!.Seal(buffer, header.NumberOffset, header.NumberLength, payloadLength, number);
    }

    // Challenges and answers go in datagrams of their own, on the path that they are about.
    private bool TryWritePathProbe(Span<byte> buffer, long now, ref int length, ref PeerAddress to)
    {
        if (Application.Sealer is not { } || State != ConnectionState.Established)
            return false;
        foreach (var path in _paths)
        {
            if (!path.ChallengePending && !path.ResponsePending)
                continue;
            int size = (int)Math.Min(buffer.Length, path.Budget);
            var header = BeginPacket(buffer, Application);
            if (size < header.PayloadOffset + AeadTag + 20)
                continue;
            var target = buffer[..size];
            var writer = new WireWriter(target[header.PayloadOffset..^AeadTag]);
            if (path.ResponsePending)
                WritePathFrame(ref writer, FrameType.PathResponse, path.Response);
            if (path.ChallengePending)
                WritePathFrame(ref writer, FrameType.PathChallenge, path.Challenge);
            path.ResponsePending = path.ChallengePending = false;

            // The full size shows that the path carries it.
            writer.WriteZeros(writer.Remaining);
            var packet = _recovery.Rent();
            packet.Number = Application.NextNumber;
            length = EndPacket(target, Application, header, writer.Length);
            packet.Size = length;
            packet.AckEliciting = packet.InFlight = true;
            _recovery.OnSent(Application, packet, now);
            path.Sent += length;
            to = path.Remote;
            return true;
        }

        return false;
    }

    private static void WritePathFrame(ref WireWriter writer, int type, ulong data)
    {
        writer.WriteVarInt(type);
        BinaryPrimitives.WriteUInt64BigEndian(writer.Free, data);
        writer.Advance(8);
    }
}
