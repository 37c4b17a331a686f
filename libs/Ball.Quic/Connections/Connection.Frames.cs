using System.Buffers.Binary;
using System.Text;
using Ball.Quic.Packets;
using Ball.Quic.Recovery;
using Ball.Quic.Tls;

namespace Ball.Quic.Connections;

// Frames in.
sealed partial class Connection
{
    private const int MaxEarlyRenewals = 8;

    private int _earlyRenewals;

    private FramesSummary ReadFrames(
        PacketSpace space, in PacketHeader header, ReadOnlySpan<byte> payload, NetworkPath path, long now)
    {
        bool eliciting = false, probing = true;
        var reader = new WireReader(payload);
        while (reader.Remaining > 0)
        {
            long type = Number(ref reader);
            if (type > FrameType.DatagramWithLength)
                throw new ProtocolException(TransportError.FrameEncoding, $"unknown frame type {type:x}");
            if (space.Level != EncryptionLevel.Application && !IsForHandshake((int)type))
                throw new ProtocolException(TransportError.ProtocolViolation, $"frame type {type:x} during the handshake");
            eliciting |= type is not (FrameType.Padding or FrameType.Ack or FrameType.AckEcn
                or FrameType.CloseTransport or FrameType.CloseApplication);
            probing &= type is FrameType.Padding or FrameType.PathChallenge or FrameType.PathResponse
                or FrameType.NewConnectionId;
            ReadFrame((int)type, ref reader, space, header, path, now);
            if (State > ConnectionState.Established || space.IsDiscarded)
                break;
        }

        return new FramesSummary(eliciting, probing);
    }

    private static bool IsForHandshake(int type) => type is FrameType.Padding or FrameType.Ping or FrameType.Ack
        or FrameType.AckEcn or FrameType.Crypto or FrameType.CloseTransport;

    private void ReadFrame(
        int type, ref WireReader reader, PacketSpace space, in PacketHeader header, NetworkPath path, long now)
    {
        switch (type)
        {
            case FrameType.Padding:
                reader.SkipZeros();
                break;
            case FrameType.Ping:
                break;
            case FrameType.Ack or FrameType.AckEcn:
                ReadAck(ref reader, space, type == FrameType.AckEcn, now);
                break;
            case FrameType.Crypto:
                ReadCrypto(ref reader, space);
                break;
            case >= FrameType.Stream and <= FrameType.StreamLast:
                ReadStream(type, ref reader);
                break;
            case FrameType.ResetStream:
                OnReset(Number(ref reader), Number(ref reader), Number(ref reader));
                break;
            case FrameType.StopSending:
                OnStopSending(Number(ref reader), Number(ref reader));
                break;
            case FrameType.MaxData:
                _sendLimit = Math.Max(_sendLimit, Number(ref reader));
                break;
            case FrameType.MaxStreamData:
                OnMaxStreamData(Number(ref reader), Number(ref reader));
                break;
            case FrameType.MaxStreamsBidi or FrameType.MaxStreamsUni:
                OnMaxStreams(type == FrameType.MaxStreamsUni, Number(ref reader));
                break;
            case FrameType.DataBlocked:
                Number(ref reader);
                break;
            case FrameType.StreamDataBlocked:
                OnStreamDataBlocked(Number(ref reader), Number(ref reader));
                break;
            case FrameType.StreamsBlockedBidi or FrameType.StreamsBlockedUni:
                if (Number(ref reader) > 1L << 60)
                    throw new ProtocolException(TransportError.FrameEncoding, "a stream count out of range");
                break;
            case FrameType.Datagram or FrameType.DatagramWithLength:
                ReadDatagram(ref reader, type == FrameType.DatagramWithLength);
                break;
            case FrameType.NewConnectionId:
                ReadNewConnectionId(ref reader);
                break;
            case FrameType.RetireConnectionId:
                _localIds.Retire(Number(ref reader), header.Destination);
                OfferIds();
                break;
            case FrameType.PathChallenge:
                path.Response = BinaryPrimitives.ReadUInt64BigEndian(Bytes(ref reader, 8));
                path.ResponsePending = true;
                break;
            case FrameType.PathResponse:
                OnPathResponse(BinaryPrimitives.ReadUInt64BigEndian(Bytes(ref reader, 8)));
                break;
            case FrameType.CloseTransport or FrameType.CloseApplication:
                ReadClose(ref reader, type == FrameType.CloseApplication, now);
                break;
            case FrameType.HandshakeDone:
                if (_isServer)
                    throw new ProtocolException(TransportError.ProtocolViolation, "a client confirms no handshake");
                Confirm();
                break;
            case FrameType.NewToken:
                if (_isServer)
                    throw new ProtocolException(TransportError.ProtocolViolation, "a client gives no tokens");
                Bytes(ref reader, Number(ref reader));
                break;
            default:
                throw new ProtocolException(TransportError.FrameEncoding, $"unknown frame type {type:x}");
        }
    }

    private void ReadAck(ref WireReader reader, PacketSpace space, bool withEcn, long now)
    {
        long largest = Number(ref reader);
        long delay = Number(ref reader);
        long rangeCount = Number(ref reader);
        long firstRange = Number(ref reader);
        if (largest >= space.NextNumber)
            throw new ProtocolException(TransportError.ProtocolViolation, "an acknowledgement of what was never sent");
        if (firstRange > largest)
            throw new ProtocolException(TransportError.FrameEncoding, "an acknowledgement below zero");

        bool windowUsed = _recovery.Congestion.InFlight + 2 * _options.PacketSize >= _recovery.Congestion.Window / 2;
        var result = new AckResult(largest);
        long smallest = largest - firstRange;
        _recovery.OnAckRange(space, smallest, largest, ref result, windowUsed);
        for (long i = 0; i < rangeCount; i++)
        {
            long gap = Number(ref reader);
            long length = Number(ref reader);
            long end = smallest - gap - 2;
            smallest = end - length;
            if (smallest < 0)
                throw new ProtocolException(TransportError.FrameEncoding, "an acknowledgement below zero");
            _recovery.OnAckRange(space, smallest, end, ref result, windowUsed);
        }

        if (withEcn)
        {
            Number(ref reader);
            Number(ref reader);
            Number(ref reader);
        }

        int exponent = space.Level == EncryptionLevel.Application ? _peer?.AckDelayExponent ?? 3 : 0;
        long delayMicros = space.Level == EncryptionLevel.Application && delay < VarInt.Max >> 20 ? delay << exponent : 0;
        if (!_isServer && space.Level == EncryptionLevel.Handshake)
            _recovery.PeerMayBeBlocked = false;
        _recovery.OnAckEnd(space, result, delayMicros, now);
        if (space.Level == EncryptionLevel.Application && result.Largest >= _firstOfKey)
            _keyUpdateMayFollow = true;
    }

    private void ReadCrypto(ref WireReader reader, PacketSpace space)
    {
        long offset = Number(ref reader);
        var data = Bytes(ref reader, Number(ref reader));
        if (_isServer && space.Level == EncryptionLevel.Initial && data.Length > 0
            && offset + data.Length <= space.CryptoIn.Start && _earlyRenewals < MaxEarlyRenewals)
        {
            _earlyRenewals++;
            _recovery.RenewHandshake();
        }

        if (!space.CryptoIn.TryWrite(offset, data))
            throw new ProtocolException(TransportError.CryptoBufferExceeded, "too many handshake bytes");
        FeedTls(space.Level);
    }

    private void ReadStream(int type, ref WireReader reader)
    {
        long id = Number(ref reader);
        long offset = (type & 0x04) != 0 ? Number(ref reader) : 0;
        var data = (type & 0x02) != 0 ? Bytes(ref reader, Number(ref reader)) : Bytes(ref reader, reader.Remaining);
        if (offset + data.Length > VarInt.Max)
            throw new ProtocolException(TransportError.FrameEncoding, "a stream too long");
        OnStream(id, offset, data, (type & 0x01) != 0);
    }

    private void ReadNewConnectionId(ref WireReader reader)
    {
        long sequence = Number(ref reader);
        long retireBefore = Number(ref reader);
        if (!reader.TryReadShortBytes(out var id) || id.Length is 0 or > ConnectionId.MaxLength || retireBefore > sequence)
            throw new ProtocolException(TransportError.FrameEncoding, "a malformed connection id");
        var token = Bytes(ref reader, 16).ToArray();
        _peerIds.Add(sequence, retireBefore, new ConnectionId(id), token);
        QueueRetired();
    }

    private void ReadClose(ref WireReader reader, bool byApplication, long now)
    {
        long code = Number(ref reader);
        if (!byApplication)
            Number(ref reader);
        var reason = Bytes(ref reader, Number(ref reader));
        string text = Encoding.UTF8.GetString(reason[..Math.Min(reason.Length, 256)]);
        string what = byApplication ? "application" : "transport";
        string message = $"the peer closed the connection ({what} code 0x{code:x}) {text}".TrimEnd();
        Drain(new QuicException(message, code, byPeer: true, byApplication), now);
    }

    private static long Number(ref WireReader reader) => reader.TryReadVarInt(out long value)
        ? value
        : throw new ProtocolException(TransportError.FrameEncoding, "a frame is cut short");

    private static ReadOnlySpan<byte> Bytes(ref WireReader reader, long count) => reader.TryReadBytes(count, out var bytes)
        ? bytes
        : throw new ProtocolException(TransportError.FrameEncoding, "a frame is cut short");
}
