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

    private long pacedUntil = long.MaxValue;
    private long firstOfKey;
    private bool keyUpdateMayFollow;
    private int acksSinceEliciting;
    private long bytesSent;
    private long keyUpdates;

    /// <summary>Packets sent so far, in all spaces.</summary>
    public long PacketsSent { get; private set; }

    /// <summary>Writes the next datagram. Call until it says that there is none.</summary>
    public bool TrySend(Span<byte> buffer, long now, out int length, out PeerAddress to)
    {
        length = 0;
        to = active.Remote;
        if (State is ConnectionState.Closed or ConnectionState.Draining)
            return false;
        buffer = buffer[..Math.Min(buffer.Length, options.PacketSize)];
        if (State == ConnectionState.Closing)
        {
            if (!closePending || active.Budget < MinInitialDatagram)
                return false;
            length = WriteClose(buffer, now);
            active.Sent += length;
            return length > 0;
        }

        if (TryWritePathProbe(buffer, now, ref length, ref to))
        {
            bytesSent += length;
            return true;
        }

        // Before the address is proven, only full datagrams go, as long as there is budget for them.
        if (active.Budget < options.PacketSize)
        {
            recovery.IsBlocked = true;
            return false;
        }

        recovery.IsBlocked = false;
        length = WriteDatagram(buffer, now);
        active.Sent += length;
        bytesSent += length;
        return length > 0;
    }

    /// <summary>
    /// Renews the sending key; the peer follows. Not before the peer has acknowledged something of the current one.
    /// </summary>
    public bool TryUpdateKey()
    {
        if (!recovery.HandshakeConfirmed || !keyUpdateMayFollow || Application.Sealer is not { } sealer)
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
        firstOfKey = Application.NextNumber;
        keyUpdateMayFollow = false;
        keyUpdates++;
    }

    private int WriteDatagram(Span<byte> buffer, long now)
    {
        pacedUntil = long.MaxValue;
        bool windowOpen = recovery.Congestion.InFlight + options.PacketSize <= recovery.Congestion.Window;
        if (windowOpen && State == ConnectionState.Established)
        {
            long next = recovery.Pacer.NextSend(now, recovery.Congestion.Window, recovery.Rtt.Smoothed);
            if (next > now)
            {
                windowOpen = false;
                if (HasApplicationData)
                    pacedUntil = next;
            }
        }

        int length = 0;
        bool mustFill = false;
        for (int i = 0; i < spaces.Length; i++)
        {
            var space = spaces[i];
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
            var space = spaces[i];
            if (space.Sealer is not null
                && (space.CryptoOut.HasLost || space.CryptoOut.HasNew || space.HasAck || space.Probes > 0))
                return true;
        }

        return false;
    }

    private bool HasApplicationData => control.Count > 0 || datagramsOut.Count > 0 || pingPending
        || (sendQueue.Count > 0 && (dataSent < sendLimit || sendQueue.Peek().Out!.HasLost));

    private int WritePacket(
        Span<byte> buffer, PacketSpace space, long now, bool windowOpen, bool isLast, ref bool mustFill)
    {
        bool mayElicit = windowOpen || space.Probes > 0;
        if (!mayElicit && !space.AckIsDue(now))
            return 0;

        if (space.Sealer!.Sealed >= options.PacketsPerKey && space.Level == EncryptionLevel.Application)
            TryUpdateKey();
        var header = BeginPacket(buffer, space);
        if (header.PayloadOffset + AeadTag + 32 > buffer.Length)
            return 0;
        var writer = new WireWriter(buffer[header.PayloadOffset..^AeadTag]);
        var packet = recovery.Rent();
        packet.Number = space.NextNumber;
        bool eliciting = false;

        bool ackDue = space.AckIsDue(now);
        if (space.HasAck)
            WriteAck(ref writer, space, packet, now);
        int afterAck = writer.Length;
        if (mayElicit)
            WriteFrames(ref writer, space, packet, ref eliciting);
        if (!eliciting && (space.Probes > 0 || (afterAck > 0 && ackDue && acksSinceEliciting >= AcksPerPing)))
        {
            writer.WriteVarInt(FrameType.Ping);
            eliciting = true;
        }

        // An acknowledgement that is not due yet waits for company.
        if (writer.Length == 0 || (!eliciting && !ackDue))
        {
            recovery.Recycle(packet);
            return 0;
        }

        acksSinceEliciting = eliciting ? 0 : acksSinceEliciting + 1;
        if (afterAck > 0)
            space.NoteAckSent();
        mustFill |= space.Level == EncryptionLevel.Initial && (eliciting || !isServer);
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
        recovery.OnSent(space, packet, now);
        if (eliciting && !elicitedSinceReceive)
        {
            elicitedSinceReceive = true;
            idleSince = now;
        }

        if (!isServer && space.Level == EncryptionLevel.Handshake && !Space(EncryptionLevel.Initial).IsDiscarded)
            recovery.Discard(Space(EncryptionLevel.Initial));
        return length;
    }

    private PacketStart BeginPacket(Span<byte> buffer, PacketSpace space)
    {
        int numberLength = PacketNumber.LengthOf(space.NextNumber, space.LargestAcked);
        var writer = new WireWriter(buffer);
        if (space.Level == EncryptionLevel.Application)
        {
            writer.WriteByte((byte)(0x40 | (space.Sealer!.KeyPhase ? 0x04 : 0) | (numberLength - 1)));
            peerIds.Current.CopyTo(writer.Free);
            writer.Advance(peerIds.Current.Length);
            int shortOffset = writer.Length;
            PacketNumber.Write(writer.Free, space.NextNumber, numberLength);
            return new PacketStart(-1, shortOffset, numberLength);
        }

        int type = space.Level == EncryptionLevel.Initial ? 0 : 2;
        writer.WriteByte((byte)(0xc0 | (type << 4) | (numberLength - 1)));
        writer.WriteUInt32(QuicVersion.One);
        writer.WriteId(peerIds.Current);
        writer.WriteId(localFirst);
        if (space.Level == EncryptionLevel.Initial)
        {
            writer.WriteVarInt(retryToken.Length);
            writer.WriteBytes(retryToken);
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
        foreach (var path in paths)
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
            var packet = recovery.Rent();
            packet.Number = Application.NextNumber;
            length = EndPacket(target, Application, header, writer.Length);
            packet.Size = length;
            packet.AckEliciting = packet.InFlight = true;
            recovery.OnSent(Application, packet, now);
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
