using System.Buffers;
using Ball.Quic.Crypto;
using Ball.Quic.Packets;

namespace Ball.Quic.Connections;

// Datagrams (RFC 9221): as unreliable as the network; when queues are full the oldest goes.
sealed partial class Connection
{
    private readonly Queue<(byte[] Bytes, int Length)> _datagramsOut = new();
    private readonly Queue<(byte[] Bytes, int Length)> _datagramsIn = new();

    /// <summary>The largest datagram that can be sent; 0 when the peer takes none.</summary>
    public int MaxDatagramPayload
    {
        get
        {
            if (_peer is null || _peer.MaxDatagramFrame == 0)
                return 0;
            int room = _options.PacketSize - 1 - _peerIds.Current.Length - 4 - AeadKey.TagLength;
            return (int)Math.Max(0, Math.Min(room, _peer.MaxDatagramFrame) - 3);
        }
    }

    public long DatagramsDropped { get; private set; }

    public bool TrySendDatagram(ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest)
    {
        int length = first.Length + rest.Length;
        if (State != ConnectionState.Established || length > MaxDatagramPayload)
            return false;
        if (_datagramsOut.Count >= _options.DatagramQueue)
            Drop(_datagramsOut);
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
        first.CopyTo(bytes);
        rest.CopyTo(bytes.AsSpan(first.Length));
        _datagramsOut.Enqueue((bytes, length));
        return true;
    }

    /// <summary>Takes the next datagram that came. Its array is rented; who takes it gives it back.</summary>
    public bool TryTakeDatagram(out byte[] bytes, out int length)
    {
        bool any = _datagramsIn.TryDequeue(out var datagram);
        (bytes, length) = any ? datagram : ([], 0);
        return any;
    }

    private void ReadDatagram(ref WireReader reader, bool withLength)
    {
        var data = Bytes(ref reader, withLength ? Number(ref reader) : reader.Remaining);
        if (data.Length + 3 > _options.MaxDatagramFrame)
            throw new ProtocolException(TransportError.ProtocolViolation, "a datagram larger than allowed");
        if (_datagramsIn.Count >= _options.DatagramQueue)
            Drop(_datagramsIn);
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(1, data.Length));
        data.CopyTo(bytes);
        _datagramsIn.Enqueue((bytes, data.Length));
        Raise(ConnectionEventKind.DatagramArrived);
    }

    private void WriteDatagrams(ref WireWriter writer, ref bool eliciting)
    {
        while (_datagramsOut.TryPeek(out var datagram))
        {
            if (1 + VarInt.LengthOf(datagram.Length) + datagram.Length > writer.Remaining)
            {
                // Too large even for an empty packet: the peer's limits or the path have changed.
                if (datagram.Length <= MaxDatagramPayload)
                    return;
                Drop(_datagramsOut);
                continue;
            }

            _datagramsOut.Dequeue();
            writer.WriteVarInt(FrameType.DatagramWithLength);
            writer.WriteVarInt(datagram.Length);
            writer.WriteBytes(datagram.Bytes.AsSpan(0, datagram.Length));
            ArrayPool<byte>.Shared.Return(datagram.Bytes);
            eliciting = true;
        }
    }

    private void Drop(Queue<(byte[] Bytes, int Length)> queue)
    {
        ArrayPool<byte>.Shared.Return(queue.Dequeue().Bytes);
        DatagramsDropped++;
    }
}
