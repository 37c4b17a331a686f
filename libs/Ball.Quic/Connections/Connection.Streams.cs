using Ball.Quic.Packets;
using Ball.Quic.Recovery;
using Ball.Quic.Streams;

namespace Ball.Quic.Connections;

// Streams: opening, flow control both ways, ends. Index 0 is for bidirectional ones, 1 for the others.
sealed partial class Connection
{
    private readonly Dictionary<long, StreamState> streams = [];
    private readonly Queue<StreamState> sendQueue = new();
    private readonly long[] localOpened = new long[2];
    private readonly long[] peerOpened = new long[2];
    private readonly long[] peerClosed = new long[2];
    private readonly long[] streamLimits = new long[2];
    private readonly long[] peerStreamLimits = new long[2];
    private long sendLimit;
    private long dataSent;
    private long receiveLimit;
    private long dataReceived;
    private long dataConsumed;
    private bool maxDataPending;

    public int StreamCount => streams.Count;

    /// <summary>Opens a stream; false while the peer allows no more.</summary>
    public bool TryOpen(bool uni, out StreamState? stream)
    {
        stream = null;
        int kind = uni ? 1 : 0;
        if (State != ConnectionState.Established || localOpened[kind] >= peerStreamLimits[kind])
            return false;
        stream = Create(StreamIds.Make(localOpened[kind]++, isServer, uni), isLocal: true);
        return true;
    }

    /// <summary>Takes as many bytes as there is room for.</summary>
    public int Write(StreamState stream, ReadOnlySpan<byte> data)
    {
        if (stream.Out is null || stream.FinWritten || stream.ResetCode is not null)
            return 0;
        int count = stream.Out.Write(data);
        Enqueue(stream);
        return count;
    }

    /// <summary>Nothing more will be written.</summary>
    public void Finish(StreamState stream)
    {
        if (stream.Out is null || stream.FinWritten || stream.ResetCode is not null)
            return;
        stream.FinWritten = stream.FinPending = true;
        Enqueue(stream);
    }

    /// <summary>Gives up sending; what is not delivered yet may never be.</summary>
    public void Reset(StreamState stream, long code)
    {
        if (stream.Out is null || stream.ResetCode is not null || stream.IsSendDone)
            return;
        stream.ResetCode = code;
        stream.SentSize = stream.Out.Next;
        stream.Out.Release();
        Queue(SentKind.ResetStream, stream.Id);
        Raise(ConnectionEventKind.StreamWritable, stream);
    }

    /// <summary>Wants nothing more from the peer.</summary>
    public void StopReading(StreamState stream, long code)
    {
        if (stream.In is null || stream.StopCode is not null || stream.IsReceiveDone)
            return;
        stream.StopCode = code;
        Consume(stream.HighestReceived - stream.In.Start);
        stream.In.Release();
        if (stream.FinalSize is null)
            Queue(SentKind.StopSending, stream.Id);
        Raise(ConnectionEventKind.StreamReadable, stream);
        RemoveIfDone(stream);
    }

    /// <summary>Takes what has come in order. The end is reached when nothing can follow.</summary>
    public int Read(StreamState stream, Span<byte> target, out bool end)
    {
        end = false;
        if (stream.In is null || stream.PeerResetCode is not null || stream.StopCode is not null)
            return 0;
        int count = stream.In.Read(target);
        Consume(count);
        if (stream.FinalSize == stream.In.Start)
        {
            end = stream.EndRead = true;
            RemoveIfDone(stream);
        }
        else if (stream.FinalSize is null && !stream.LimitUpdatePending
            && stream.In.Start + options.StreamWindow - stream.ReceiveLimit >= options.StreamWindow / 2)
        {
            stream.LimitUpdatePending = true;
            Queue(SentKind.MaxStreamData, stream.Id);
        }

        return count;
    }

    /// <summary>The API has let go of the stream.</summary>
    public void Release(StreamState stream)
    {
        stream.IsReleased = true;
        RemoveIfDone(stream);
    }

    private StreamState Create(long id, bool isLocal)
    {
        bool uni = (id & 2) != 0;
        var output = !uni || isLocal ? new SendBuffer(options.SendBuffer) : null;
        var input = !uni || !isLocal ? new ReceiveBuffer(options.StreamWindow) : null;
        var stream = new StreamState(id, output, input)
        {
            SendLimit = uni ? peer!.MaxStreamDataUni : isLocal ? peer!.MaxStreamDataBidiRemote : peer!.MaxStreamDataBidiLocal,
            ReceiveLimit = options.StreamWindow
        };
        streams[id] = stream;
        return stream;
    }

    // Null for a stream that is over; opens what the peer opens.
    private StreamState? Find(long id, bool toReceive)
    {
        bool uni = (id & 2) != 0;
        bool isLocal = (id & 1) != 0 == isServer;
        int kind = uni ? 1 : 0;
        long index = StreamIds.IndexOf(id);
        if (uni && isLocal == toReceive)
            throw new ProtocolException(TransportError.StreamState, "a stream has only one direction");
        if (isLocal)
        {
            if (index >= localOpened[kind])
                throw new ProtocolException(TransportError.StreamState, "a frame for a stream that was not opened");
        }
        else
        {
            if (index >= streamLimits[kind])
                throw new ProtocolException(TransportError.StreamLimit, "too many streams");
            while (peerOpened[kind] <= index)
            {
                var opened = Create(StreamIds.Make(peerOpened[kind]++, !isServer, uni), isLocal: false);
                Raise(ConnectionEventKind.StreamOpened, opened);
            }
        }

        return streams.GetValueOrDefault(id);
    }

    private void OnStream(long id, long offset, ReadOnlySpan<byte> data, bool fin)
    {
        if (Find(id, toReceive: true) is not { In: { } input } stream)
            return;
        long end = offset + data.Length;
        if (stream.FinalSize is { } size && (end > size || (fin && end != size)) || (fin && end < stream.HighestReceived))
            throw new ProtocolException(TransportError.FinalSize, "a stream's end moved");
        long more = Count(stream, end);
        if (fin)
            stream.FinalSize = end;
        if (stream.StopCode is not null || stream.PeerResetCode is not null)
        {
            Consume(more);
            RemoveIfDone(stream);
            return;
        }

        if (!input.TryWrite(offset, data))
            throw new ProtocolException(TransportError.Internal, "a stream in too many pieces");
        if (stream.ReaderWaits && (input.Readable > 0 || stream.FinalSize == input.Start))
            Raise(ConnectionEventKind.StreamReadable, stream);
    }

    private void OnReset(long id, long code, long finalSize)
    {
        if (Find(id, toReceive: true) is not { In: { } input } stream || stream.EndRead || stream.PeerResetCode is not null)
            return;
        if ((stream.FinalSize is { } size && size != finalSize) || finalSize < stream.HighestReceived)
            throw new ProtocolException(TransportError.FinalSize, "a stream's end moved");
        long more = Count(stream, finalSize);
        Consume(stream.StopCode is null ? finalSize - input.Start : more);
        stream.FinalSize = finalSize;
        stream.PeerResetCode = code;
        input.Release();
        Raise(ConnectionEventKind.StreamReadable, stream);
        RemoveIfDone(stream);
    }

    // Flow control: what is new counts against the stream's limit and the connection's.
    private long Count(StreamState stream, long end)
    {
        long more = Math.Max(0, end - stream.HighestReceived);
        if (end > stream.ReceiveLimit || dataReceived + more > receiveLimit)
            throw new ProtocolException(TransportError.FlowControl, "more data than allowed");
        stream.HighestReceived = Math.Max(stream.HighestReceived, end);
        dataReceived += more;
        return more;
    }

    private void Consume(long count)
    {
        dataConsumed += count;
        if (maxDataPending || dataConsumed + options.ConnectionWindow - receiveLimit < options.ConnectionWindow / 2)
            return;
        maxDataPending = true;
        Queue(SentKind.MaxData);
    }

    private void OnStopSending(long id, long code)
    {
        if (Find(id, toReceive: false) is not { } stream || stream.StoppedCode is not null)
            return;
        stream.StoppedCode = code;
        Reset(stream, code);
        Raise(ConnectionEventKind.StreamWritable, stream);
    }

    private void OnMaxStreamData(long id, long limit)
    {
        if (Find(id, toReceive: false) is not { } stream || limit <= stream.SendLimit)
            return;
        stream.SendLimit = limit;
        Enqueue(stream);
    }

    private void OnStreamDataBlocked(long id, long limit) => _ = Find(id, toReceive: true);

    private void OnMaxStreams(bool uni, long limit)
    {
        if (limit > 1L << 60)
            throw new ProtocolException(TransportError.FrameEncoding, "a stream count out of range");
        int kind = uni ? 1 : 0;
        if (limit <= peerStreamLimits[kind])
            return;
        peerStreamLimits[kind] = limit;
        Raise(ConnectionEventKind.StreamsAllowed);
    }

    private void Enqueue(StreamState stream)
    {
        if (stream.IsQueued || !stream.HasToSend)
            return;
        stream.IsQueued = true;
        sendQueue.Enqueue(stream);
    }

    private void RemoveIfDone(StreamState stream)
    {
        if (!stream.IsReleased || !stream.IsSendDone || !stream.IsReceiveDone || !streams.Remove(stream.Id))
            return;
        stream.Out?.Release();
        stream.In?.Release();
        if (stream.IsFromServer == isServer)
            return;

        // The peer may open another one; it is told when that is worth a frame.
        int kind = stream.IsUni ? 1 : 0;
        int most = stream.IsUni ? options.MaxUniStreams : options.MaxBidiStreams;
        peerClosed[kind]++;
        if (most + peerClosed[kind] - streamLimits[kind] == Math.Max(1, most / 4))
            Queue(stream.IsUni ? SentKind.MaxStreamsUni : SentKind.MaxStreamsBidi);
    }
}
