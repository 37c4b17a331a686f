using Ball.Quic.Packets;
using Ball.Quic.Recovery;
using Ball.Quic.Streams;

namespace Ball.Quic.Connections;

// Streams: opening, flow control both ways, ends. Index 0 is for bidirectional ones, 1 for the others.
sealed partial class Connection
{
    private readonly Dictionary<long, StreamState> _streams = [];
    private readonly Queue<StreamState> _sendQueue = new();
    private readonly long[] _localOpened = new long[2];
    private readonly long[] _peerOpened = new long[2];
    private readonly long[] _peerClosed = new long[2];
    private readonly long[] _streamLimits = new long[2];
    private readonly long[] _peerStreamLimits = new long[2];
    private long _sendLimit;
    private long _dataSent;
    private long _receiveLimit;
    private long _dataReceived;
    private long _dataConsumed;
    private bool _maxDataPending;

    public int StreamCount => _streams.Count;

    /// <summary>Opens a stream; false while the peer allows no more.</summary>
    public bool TryOpen(bool uni, out StreamState? stream)
    {
        stream = null;
        int kind = uni ? 1 : 0;
        if (State != ConnectionState.Established || _localOpened[kind] >= _peerStreamLimits[kind])
            return false;
        stream = Create(StreamIds.Make(_localOpened[kind]++, _isServer, uni), isLocal: true);
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
            && stream.In.Start + _options.StreamWindow - stream.ReceiveLimit >= _options.StreamWindow / 2)
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
        var output = !uni || isLocal ? new SendBuffer(_options.SendBuffer) : null;
        var input = !uni || !isLocal ? new ReceiveBuffer(_options.StreamWindow) : null;
        var stream = new StreamState(id, output, input)
        {
            SendLimit = uni ? _peer!.MaxStreamDataUni : isLocal ? _peer!.MaxStreamDataBidiRemote : _peer!.MaxStreamDataBidiLocal,
            ReceiveLimit = _options.StreamWindow
        };
        _streams[id] = stream;
        return stream;
    }

    // Null for a stream that is over; opens what the peer opens.
    private StreamState? Find(long id, bool toReceive)
    {
        bool uni = (id & 2) != 0;
        bool isLocal = (id & 1) != 0 == _isServer;
        int kind = uni ? 1 : 0;
        long index = StreamIds.IndexOf(id);
        if (uni && isLocal == toReceive)
            throw new ProtocolException(TransportError.StreamState, "a stream has only one direction");
        if (isLocal)
        {
            if (index >= _localOpened[kind])
                throw new ProtocolException(TransportError.StreamState, "a frame for a stream that was not opened");
        }
        else
        {
            if (index >= _streamLimits[kind])
                throw new ProtocolException(TransportError.StreamLimit, "too many streams");
            while (_peerOpened[kind] <= index)
            {
                var opened = Create(StreamIds.Make(_peerOpened[kind]++, !_isServer, uni), isLocal: false);
                Raise(ConnectionEventKind.StreamOpened, opened);
            }
        }

        return _streams.GetValueOrDefault(id);
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
        if (end > stream.ReceiveLimit || _dataReceived + more > _receiveLimit)
            throw new ProtocolException(TransportError.FlowControl, "more data than allowed");
        stream.HighestReceived = Math.Max(stream.HighestReceived, end);
        _dataReceived += more;
        return more;
    }

    private void Consume(long count)
    {
        _dataConsumed += count;
        if (_maxDataPending || _dataConsumed + _options.ConnectionWindow - _receiveLimit < _options.ConnectionWindow / 2)
            return;
        _maxDataPending = true;
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
        if (limit <= _peerStreamLimits[kind])
            return;
        _peerStreamLimits[kind] = limit;
        Raise(ConnectionEventKind.StreamsAllowed);
    }

    private void Enqueue(StreamState stream)
    {
        if (stream.IsQueued || !stream.HasToSend)
            return;
        stream.IsQueued = true;
        _sendQueue.Enqueue(stream);
    }

    private void RemoveIfDone(StreamState stream)
    {
        if (!stream.IsReleased || !stream.IsSendDone || !stream.IsReceiveDone || !_streams.Remove(stream.Id))
            return;
        stream.Out?.Release();
        stream.In?.Release();
        if (stream.IsFromServer == _isServer)
            return;

        // The peer may open another one; it is told when that is worth a frame.
        int kind = stream.IsUni ? 1 : 0;
        int most = stream.IsUni ? _options.MaxUniStreams : _options.MaxBidiStreams;
        _peerClosed[kind]++;
        if (most + _peerClosed[kind] - _streamLimits[kind] == Math.Max(1, most / 4))
            Queue(stream.IsUni ? SentKind.MaxStreamsUni : SentKind.MaxStreamsBidi);
    }
}
