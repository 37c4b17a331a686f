using System.Buffers.Binary;

namespace SIPSorcery.Net.Sctp;

// RE-CONFIG (RFC 6525): streams begin anew, which is how a data channel closes (RFC 8831, 6.7).
internal sealed partial class SctpAssociation
{
    private const int MaxStreamsPerRequest = 200;
    private readonly List<OutgoingStream> _resetWanted = [];
    private readonly List<OutgoingStream> _resetting = [];
    private bool _resetCheckDue;
    private bool _requestDue;
    private uint _nextRequest;
    private uint _requestTsn;
    private long _requestTimer = Never;

    // Next request number expected from the peer, and what the last one was answered with.
    private uint _peerRequest;
    private uint _lastResult = ReConfigResult.NothingToDo;
    private DeferredReset? _deferred;

    /// <summary>
    /// Closes our side of a stream: after what is queued (or instead of it), the peer is told that the stream begins anew.
    /// An <see cref="SctpEventKind.OutgoingStreamReset"/> tells when that is done; until then the stream takes no messages.
    /// </summary>
    public void ResetStream(ushort id, bool discardQueued = false)
    {
        if (State is SctpState.Closed || id >= _options.Streams)
            return;
        var stream = _queue.Stream(id);
        if (discardQueued)
            _queue.DiscardWaiting(stream);
        if (stream.ResetWanted)
            return;
        stream.ResetWanted = true;
        _resetWanted.Add(stream);
        _resetCheckDue = true;
    }

    private bool PeerResets => (_peerFeatures & PeerFeatures.ReConfig) != 0;

    private void WriteRequest(ref PacketWriter writer, long now)
    {
        if (_resetCheckDue && _resetting.Count == 0)
            GatherResets();
        if (!_requestDue || !writer.Fits(12 + 4 + 2 * _resetting.Count))
            return;
        _requestDue = false;
        _requestTimer = now + _rto.Current;
        var length = 12 + 2 * _resetting.Count;
        var body = writer.Add(ChunkType.ReConfig, 0, 4 + length);
        WriteParameterHeader(body, ParameterType.OutgoingReset, length);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], _nextRequest);
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], _peerRequest - 1);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], _requestTsn);
        for (var i = 0; i < _resetting.Count; i++)
            BinaryPrimitives.WriteUInt16BigEndian(body[(16 + 2 * i)..], _resetting[i].Id);
    }

    /// <summary>Collects the streams that wait for a reset and have nothing left to deliver.</summary>
    private void GatherResets()
    {
        _resetCheckDue = false;
        for (var i = 0; i < _resetWanted.Count && _resetting.Count < MaxStreamsPerRequest;)
        {
            var stream = _resetWanted[i];
            if (!stream.IsDrained)
            {
                i++;
                continue;
            }

            _resetWanted[i] = _resetWanted[^1];
            _resetWanted.RemoveAt(_resetWanted.Count - 1);
            if (PeerResets)
                _resetting.Add(stream);
            else
                FinishReset(stream);
        }

        if (_resetting.Count == 0)
            return;

        // All of these streams is acknowledged, and the last TSN matters for them alone. The acknowledged point, instead of
        // the last TSN assigned, keeps busy neighbours from delaying the peer's answer.
        _requestTsn = _outstanding.CumulativeTsn;
        _requestDue = true;
    }

    private void FinishReset(OutgoingStream stream)
    {
        stream.NextSequence = 0;
        stream.ResetWanted = false;
        _events.Add(new SctpEvent(SctpEventKind.OutgoingStreamReset, stream.Id));
    }

    private void OnRequestTimeout()
    {
        _requestTimer = Never;
        if (_resetting.Count == 0 || Fails())
            return;
        _rto.BackOff();
        _requestDue = true;
    }

    private void OnReConfig(ReadOnlySpan<byte> body, long now)
    {
        if (State == SctpState.CookieEchoed)
            return;
        for (var count = 0; count < 2 && TryTakeParameter(ref body, out var type, out var value); count++)
        {
            switch (type)
            {
                case ParameterType.OutgoingReset when value.Length >= 12:
                    OnOutgoingReset(value);
                    break;
                case ParameterType.IncomingReset when value.Length >= 4:
                    OnIncomingReset(value);
                    break;
                case ParameterType.TsnReset or ParameterType.AddOutgoingStreams or ParameterType.AddIncomingStreams
                    when value.Length >= 4:
                    Answer(BinaryPrimitives.ReadUInt32BigEndian(value), static (_, _) => ReConfigResult.Denied, value);
                    break;
                case ParameterType.ReConfigResponse when value.Length >= 8:
                    OnReConfigResponse(value, now);
                    break;
            }
        }
    }

    private delegate uint Request(SctpAssociation association, ReadOnlySpan<byte> value);

    /// <summary>Carries a new request out and answers; repeats the answer to the last one; refuses any other.</summary>
    private void Answer(uint number, Request request, ReadOnlySpan<byte> value)
    {
        if (number == _peerRequest)
        {
            _peerRequest++;
            _deferred = null;
            _lastResult = request(this, value);
        }
        else if (number != _peerRequest - 1)
        {
            Respond(number, ReConfigResult.BadSequence);
            return;
        }

        Respond(number, _lastResult);
    }

    private void Respond(uint number, uint result)
    {
        var body = new byte[12];
        WriteParameterHeader(body, ParameterType.ReConfigResponse, 8);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(4), number);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(8), result);
        _replies.Add(_peerTag, ChunkType.ReConfig, 0, body, alone: false);
    }

    private void OnOutgoingReset(ReadOnlySpan<byte> value) =>
        Answer(BinaryPrimitives.ReadUInt32BigEndian(value), static (self, value) => self.ResetIncoming(value), value);

    private uint ResetIncoming(ReadOnlySpan<byte> value)
    {
        var lastTsn = BinaryPrimitives.ReadUInt32BigEndian(value[8..]);
        var list = value[12..];
        var streams = new ushort[list.Length / 2];
        for (var i = 0; i < streams.Length; i++)
        {
            streams[i] = BinaryPrimitives.ReadUInt16BigEndian(list[(2 * i)..]);
            if (streams[i] >= _incomingStreams)
                return ReConfigResult.WrongStream;
        }

        if (Serial.After(lastTsn, _received.CumulativeTsn))
        {
            // Data of before the reset is still missing; the answer follows when it has come.
            _deferred = new DeferredReset(_peerRequest - 1, lastTsn, streams);
            return ReConfigResult.InProgress;
        }

        return Perform(streams);
    }

    private uint Perform(ushort[] streams)
    {
        // No list means all streams. One that never carried data is told of too: a channel may close before its peer wrote
        // to it.
        var chosen = streams.Length > 0 ? streams : [.. _received.UsedStreams()];
        var any = false;
        foreach (var id in chosen)
        {
            any |= _received.Reset(id);
            _events.Add(new SctpEvent(SctpEventKind.IncomingStreamReset, id));
        }

        return any ? ReConfigResult.Performed : ReConfigResult.NothingToDo;
    }

    private void PerformDeferredReset()
    {
        if (_deferred is not { } reset || Serial.After(reset.LastTsn, _received.CumulativeTsn))
            return;
        _deferred = null;
        _lastResult = Perform(reset.Streams);
        Respond(reset.Number, _lastResult);
    }

    /// <summary>The peer wants us to reset our side.</summary>
    private void OnIncomingReset(ReadOnlySpan<byte> value) =>
        Answer(
            BinaryPrimitives.ReadUInt32BigEndian(value),
            static (self, value) =>
            {
                for (var list = value[4..]; list.Length >= 2; list = list[2..])
                {
                    var id = BinaryPrimitives.ReadUInt16BigEndian(list);
                    if (self._queue.Find(id) is not null)
                        self.ResetStream(id);
                }

                return ReConfigResult.Performed;
            },
            value);

    private void OnReConfigResponse(ReadOnlySpan<byte> value, long now)
    {
        if (_resetting.Count == 0 || BinaryPrimitives.ReadUInt32BigEndian(value) != _nextRequest)
            return;
        _errors = 0;
        var result = BinaryPrimitives.ReadUInt32BigEndian(value[4..]);
        if (result is ReConfigResult.InProgress or ReConfigResult.RequestInProgress)
        {
            _requestTimer = now + _rto.Current;
            return;
        }

        // Whatever the peer thinks of it, our side of the stream is over; a refusal changes nothing for the channel.
        _nextRequest++;
        _requestTimer = Never;
        _requestDue = false;
        foreach (var stream in _resetting)
            FinishReset(stream);
        _resetting.Clear();
        _resetCheckDue = true;
    }

    private sealed record DeferredReset(uint Number, uint LastTsn, ushort[] Streams);
}
