using Ball.Quic.Packets;
using Ball.Quic.Recovery;
using Ball.Quic.Streams;
using Ball.Quic.Tls;

namespace Ball.Quic.Connections;

// Frames out, and what becomes of them.
sealed partial class Connection
{
    private const int MaxAckRanges = 32;
    private const int MaxControlFrame = 48;

    private readonly Queue<SentFrame> _control = new();

    void IFrameFate.FrameAcked(EncryptionLevel level, in SentFrame frame)
    {
        switch (frame.Kind)
        {
            case SentKind.Ack:
                Space(level).AckWasAcked(frame.Offset);
                break;
            case SentKind.Crypto:
                Space(level).CryptoOut.Acked(frame.Offset, frame.Length);
                break;
            case SentKind.Stream or SentKind.StreamWithFin:
                if (!_streams.TryGetValue(frame.Id, out var stream) || stream.Out is null || stream.ResetCode is not null)
                    break;
                stream.Out.Acked(frame.Offset, frame.Length);
                stream.FinAcked |= frame.Kind == SentKind.StreamWithFin;
                if (stream.WriterWaits && stream.Out.Free >= _options.SendBuffer / 4)
                    Raise(ConnectionEventKind.StreamWritable, stream);
                if (stream.IsSendDone)
                    RemoveIfDone(stream);
                break;
            case SentKind.ResetStream:
                if (!_streams.TryGetValue(frame.Id, out var given))
                    break;
                given.ResetAcked = true;
                RemoveIfDone(given);
                break;
        }
    }

    void IFrameFate.FrameLost(EncryptionLevel level, in SentFrame frame)
    {
        switch (frame.Kind)
        {
            case SentKind.Ack:
                break;
            case SentKind.Crypto:
                Space(level).CryptoOut.Lost(frame.Offset, frame.Length);
                break;
            case SentKind.Stream or SentKind.StreamWithFin:
                if (!_streams.TryGetValue(frame.Id, out var stream) || stream.Out is null || stream.ResetCode is not null)
                    break;
                stream.Out.Lost(frame.Offset, frame.Length);
                stream.FinPending |= frame.Kind == SentKind.StreamWithFin && !stream.FinAcked;
                Enqueue(stream);
                break;
            default:
                Queue(frame.Kind, frame.Id);
                break;
        }
    }

    private void Queue(SentKind kind, long id = 0) => _control.Enqueue(new SentFrame(kind, id));

    private void WriteFrames(ref WireWriter writer, PacketSpace space, SentPacket packet, ref bool eliciting)
    {
        WriteCrypto(ref writer, space, packet, ref eliciting);
        if (space.Level != EncryptionLevel.Application)
            return;
        while (writer.Remaining >= MaxControlFrame && _control.TryDequeue(out var frame))
        {
            if (!WriteControl(ref writer, frame))
                continue;
            packet.Frames.Add(frame);
            eliciting = true;
        }

        if (_pingPending && writer.Remaining > 0)
        {
            writer.WriteVarInt(FrameType.Ping);
            _pingPending = false;
            eliciting = true;
        }

        WriteDatagrams(ref writer, ref eliciting);
        WriteStreams(ref writer, packet, ref eliciting);
    }

    private void WriteAck(ref WireWriter writer, PacketSpace space, SentPacket packet, long now)
    {
        var ranges = space.Received;
        var newest = ranges[^1];
        long delay = Math.Max(0, now - space.LargestReceivedAt) >> _local.AckDelayExponent;
        int count = Math.Min(MaxAckRanges, ranges.Length);
        writer.WriteVarInt(FrameType.Ack);
        writer.WriteVarInt(newest.End - 1);
        writer.WriteVarInt(delay);
        writer.WriteVarInt(count - 1);
        writer.WriteVarInt(newest.End - 1 - newest.Start);
        for (int i = 1; i < count; i++)
        {
            var above = ranges[^i];
            var range = ranges[^(i + 1)];
            writer.WriteVarInt(above.Start - range.End - 1);
            writer.WriteVarInt(range.End - 1 - range.Start);
        }

        packet.Frames.Add(new SentFrame(SentKind.Ack, 0, newest.End - 1));
    }

    private static void WriteCrypto(ref WireWriter writer, PacketSpace space, SentPacket packet, ref bool eliciting)
    {
        while (space.CryptoOut.TryTake(writer.Remaining - 12, long.MaxValue, out long offset, out int length))
        {
            writer.WriteVarInt(FrameType.Crypto);
            writer.WriteVarInt(offset);
            writer.WriteVarInt(length);
            space.CryptoOut.Read(offset, writer.Free[..length]);
            writer.Advance(length);
            packet.Frames.Add(new SentFrame(SentKind.Crypto, 0, offset, length));
            eliciting = true;
        }
    }

    private void WriteStreams(ref WireWriter writer, SentPacket packet, ref bool eliciting)
    {
        int tries = _sendQueue.Count;
        while (tries-- > 0 && writer.Remaining > 32 && _sendQueue.TryDequeue(out var stream))
        {
            if (!stream.HasToSend)
            {
                stream.IsQueued = false;
                continue;
            }

            var output = stream.Out!;
            int overhead = 1 + VarInt.LengthOf(stream.Id) + VarInt.LengthOf(output.End) + 2;
            long next = output.Next;
            long limit = Math.Min(stream.SendLimit, next + (_sendLimit - _dataSent));
            bool any = output.TryTake(writer.Remaining - overhead, limit, out long offset, out int length);
            if (!any && !(stream.FinPending && !output.HasNew))
            {
                // Held back by the connection's limit, not its own: it stays in the queue.
                if (stream.SendLimit > next && output.HasNew)
                    _sendQueue.Enqueue(stream);
                else
                    stream.IsQueued = false;
                continue;
            }

            if (!any)
                offset = output.End;
            _dataSent += output.Next - next;
            bool fin = stream.FinWritten && offset + length == output.End;
            writer.WriteByte((byte)(FrameType.Stream | 0x04 | 0x02 | (fin ? 0x01 : 0)));
            writer.WriteVarInt(stream.Id);
            writer.WriteVarInt(offset);
            writer.WriteVarInt(length);
            output.Read(offset, writer.Free[..length]);
            writer.Advance(length);
            packet.Frames.Add(new SentFrame(fin ? SentKind.StreamWithFin : SentKind.Stream, stream.Id, offset, length));
            eliciting = true;
            if (fin)
                stream.FinPending = false;
            stream.IsQueued = stream.HasToSend;
            if (!stream.IsQueued)
                continue;
            _sendQueue.Enqueue(stream);
            tries++;
        }
    }

    // Writes the frame as it has to be now; false when it does not matter any more.
    private bool WriteControl(ref WireWriter writer, in SentFrame frame)
    {
        switch (frame.Kind)
        {
            case SentKind.HandshakeDone:
                writer.WriteVarInt(FrameType.HandshakeDone);
                return true;
            case SentKind.MaxData:
                _maxDataPending = false;
                _receiveLimit = Math.Max(_receiveLimit, _dataConsumed + _options.ConnectionWindow);
                WriteTwo(ref writer, FrameType.MaxData, _receiveLimit);
                return true;
            case SentKind.MaxStreamsBidi or SentKind.MaxStreamsUni:
                int kind = frame.Kind == SentKind.MaxStreamsUni ? 1 : 0;
                _streamLimits[kind] = _peerClosed[kind] + (kind == 1 ? _options.MaxUniStreams : _options.MaxBidiStreams);
                WriteTwo(ref writer, FrameType.MaxStreamsBidi + kind, _streamLimits[kind]);
                return true;
            case SentKind.NewConnectionId:
                if (!_localIds.TryGet(frame.Id, out var id))
                    return false;
                WriteTwo(ref writer, FrameType.NewConnectionId, frame.Id);
                writer.WriteVarInt(0);
                writer.WriteId(id);
                writer.WriteBytes(_localIds.TokenOf(id));
                return true;
            case SentKind.RetireConnectionId:
                WriteTwo(ref writer, FrameType.RetireConnectionId, frame.Id);
                return true;
        }

        return _streams.TryGetValue(frame.Id, out var stream) && WriteStreamControl(ref writer, frame.Kind, stream);
    }

    private bool WriteStreamControl(ref WireWriter writer, SentKind kind, StreamState stream)
    {
        switch (kind)
        {
            case SentKind.MaxStreamData:
                stream.LimitUpdatePending = false;
                if (stream.FinalSize is not null || stream.StopCode is not null)
                    return false;
                stream.ReceiveLimit = Math.Max(stream.ReceiveLimit, stream.In!.Start + _options.StreamWindow);
                WriteTwo(ref writer, FrameType.MaxStreamData, stream.Id);
                writer.WriteVarInt(stream.ReceiveLimit);
                return true;
            case SentKind.ResetStream:
                WriteTwo(ref writer, FrameType.ResetStream, stream.Id);
                writer.WriteVarInt(stream.ResetCode!.Value);
                writer.WriteVarInt(stream.SentSize);
                return true;
            case SentKind.StopSending:
                if (stream.FinalSize is not null)
                    return false;
                WriteTwo(ref writer, FrameType.StopSending, stream.Id);
                writer.WriteVarInt(stream.StopCode!.Value);
                return true;
            default:
                return false;
        }
    }

    private static void WriteTwo(ref WireWriter writer, int type, long value)
    {
        writer.WriteVarInt(type);
        writer.WriteVarInt(value);
    }
}
