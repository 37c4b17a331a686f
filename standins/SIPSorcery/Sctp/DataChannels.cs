using System.Text;

namespace SIPSorcery.Net.Sctp;

/// <summary>
/// The data channels of one association: opening, accepting, ids, messages and closing. Poll events here instead of at the
/// association; packets and time go to the association itself.
/// </summary>
internal sealed class DataChannels(SctpAssociation association, int maxChannels = 1024, int maxMessageSize = 256 * 1024)
{
    private readonly Dictionary<ushort, DataChannelCore> _channels = [];
    private readonly List<DataChannelCore> _withoutId = [];
    private readonly Queue<DataChannelEvent> _events = new();
    private bool? _evenIds;
    private int _nextId;

    /// <summary>Channels that are not closed, in no particular order.</summary>
    public IEnumerable<DataChannelCore> All =>
        _channels.Values.Where(c => c.Phase != DataChannelPhase.Closed).Concat(_withoutId);

    /// <summary>Messages and OPENs that were dropped because they belong to no channel, or make no sense.</summary>
    public long Refused { get; private set; }

    /// <summary>
    /// Says which ids are ours: even ones for the DTLS client, odd ones for the server (RFC 8832, 6). aiortc goes by ICE
    /// role instead:
    /// odd for the controlling side. Channels opened before wait for this call.
    /// </summary>
    public void UseIds(bool even, long now)
    {
        if (_evenIds is not null)
            return;
        _evenIds = even;
        _nextId = even ? 0 : 1;
        foreach (var channel in _withoutId.ToArray())
            Announce(channel, now);
    }

    /// <summary>
    /// Opens a channel; null when its id is taken or none is left. It can be used once
    /// <see cref="DataChannelEventKind.Opened"/> came.
    /// </summary>
    public DataChannelCore? Open(DataChannelSettings settings, long now)
    {
        if (settings is { MaxRetransmits: not null, MaxPacketLifeTime: not null })
            throw new ArgumentException("a data channel is limited by retransmissions or by lifetime, not by both",
                nameof(settings));
        if (settings.Negotiated && settings.Id is null)
            throw new ArgumentException("a negotiated data channel needs an id", nameof(settings));
        if (Encoding.UTF8.GetByteCount(settings.Label) > ushort.MaxValue
            || Encoding.UTF8.GetByteCount(settings.Protocol) > ushort.MaxValue)
            throw new ArgumentException("label and protocol of a data channel are at most 65535 bytes each", nameof(settings));
        if (association.State > SctpState.Established || _channels.Count + _withoutId.Count >= maxChannels)
            return null;
        var channel = new DataChannelCore(settings);
        if (settings.Id is { } id)
        {
            if (id == ushort.MaxValue || !_channels.TryAdd(id, channel))
                return null;
            channel.Id = id;
            Announce(channel, now);
            return channel;
        }

        _withoutId.Add(channel);
        if (_evenIds is not null)
            Announce(channel, now);
        return channel.Phase == DataChannelPhase.Closed ? null : channel;
    }

    public SctpSendResult SendText(DataChannelCore channel, ReadOnlySpan<byte> utf8, long now) =>
        Send(channel, utf8, Dcep.Text, Dcep.EmptyText, now);

    public SctpSendResult SendText(DataChannelCore channel, string text, long now) =>
        SendText(channel, Encoding.UTF8.GetBytes(text), now);

    public SctpSendResult SendBinary(DataChannelCore channel, ReadOnlySpan<byte> data, long now) =>
        Send(channel, data, Dcep.Binary, Dcep.EmptyBinary, now);

    public long BufferedAmount(DataChannelCore channel) =>
        channel.Id is { } id && channel.Phase != DataChannelPhase.Closed ? association.BufferedAmount(id) : 0;

    public void SetBufferedAmountLowThreshold(DataChannelCore channel, long threshold)
    {
        channel.BufferedAmountLowThreshold = threshold;
        if (channel.Id is { } id)
            association.SetBufferedAmountLowThreshold(id, threshold);
    }

    /// <summary>
    /// Closes a channel after what is queued on it was delivered; <see cref="DataChannelEventKind.Closed"/> follows.
    /// </summary>
    public void Close(DataChannelCore channel)
    {
        if (channel.Phase >= DataChannelPhase.Closing)
            return;
        if (channel.Id is not { } id)
        {
            _withoutId.Remove(channel);
            Finish(channel);
            return;
        }

        channel.Phase = DataChannelPhase.Closing;
        association.ResetStream(id);
    }

    public bool HasEvents => _events.Count > 0 || association.HasEvents;

    public bool TryPollEvent(out DataChannelEvent polled, long now)
    {
        while (!_events.TryDequeue(out polled))
        {
            if (!association.TryPollEvent(out var e))
                return false;
            Translate(e, now);
        }

        return true;
    }

    private void Translate(in SctpEvent e, long now)
    {
        switch (e.Kind)
        {
            case SctpEventKind.Connected:
                OnConnected(now);
                break;
            case SctpEventKind.Message when e.PayloadProtocol == Dcep.Control:
                OnControl(e.Stream, e.Data!, now);
                break;
            case SctpEventKind.Message:
                OnMessage(e);
                break;
            case SctpEventKind.BufferedAmountLow:
                if (_channels.TryGetValue(e.Stream, out var low) && low.Phase == DataChannelPhase.Open)
                    _events.Enqueue(new DataChannelEvent(DataChannelEventKind.BufferedAmountLow, low));
                break;
            case SctpEventKind.IncomingStreamReset:
                OnIncomingReset(e.Stream);
                break;
            case SctpEventKind.OutgoingStreamReset:
                OnOutgoingReset(e.Stream);
                break;
            case SctpEventKind.Closed:
                foreach (var channel in All.ToArray())
                    Finish(channel);
                _channels.Clear();
                _withoutId.Clear();
                _events.Enqueue(new DataChannelEvent(DataChannelEventKind.Disconnected, Reason: e.Reason));
                break;
        }
    }

    private void OnConnected(long now)
    {
        _events.Enqueue(new DataChannelEvent(DataChannelEventKind.Connected));
        foreach (var channel in _channels.Values.ToArray())
        {
            if (channel.Phase == DataChannelPhase.Connecting)
                Announce(channel, now);
        }
    }

    /// <summary>Brings a channel as far as it can go now: an id, its OPEN on the way, open.</summary>
    private void Announce(DataChannelCore channel, long now)
    {
        if (channel.Id is null)
        {
            _withoutId.Remove(channel);
            if (AllocateId() is not { } free)
            {
                Finish(channel);
                return;
            }

            channel.Id = free;
            _channels.Add(free, channel);
        }

        var id = channel.Id.Value;
        if (association.State == SctpState.Established && id >= association.OutgoingStreams)
        {
            Remove(channel);
            Finish(channel);
            return;
        }

        if (!channel.OpenSent)
        {
            channel.OpenSent = true;
            association.SetPriority(id, channel.Settings.Priority);
            association.SetBufferedAmountLowThreshold(id, channel.BufferedAmountLowThreshold);
            channel.PeerKnows = channel.Settings.Negotiated;
            if (!channel.Settings.Negotiated
                && association.Send(id, Dcep.Control, Dcep.WriteOpen(channel.Settings), default, now) != SctpSendResult.Accepted)
            {
                Remove(channel);
                Finish(channel);
                return;
            }
        }

        if (association.State != SctpState.Established)
            return;
        channel.Phase = DataChannelPhase.Open;
        _events.Enqueue(new DataChannelEvent(DataChannelEventKind.Opened, channel));
    }

    private ushort? AllocateId()
    {
        // Going round, instead of taking the lowest, leaves a closed channel's id alone for a while.
        var limit = association.State == SctpState.Established ? association.OutgoingStreams : ushort.MaxValue;
        for (var tries = 0; tries < 32768; tries++)
        {
            var id = _nextId;
            _nextId += 2;
            if (_nextId >= limit)
                _nextId = _evenIds == true ? 0 : 1;
            if (id < limit && !_channels.ContainsKey((ushort)id))
                return (ushort)id;
        }

        return null;
    }

    private SctpSendResult Send(DataChannelCore channel, ReadOnlySpan<byte> data, uint ppid, uint emptyPpid, long now)
    {
        if (channel.Phase != DataChannelPhase.Open)
            return channel.Phase == DataChannelPhase.Connecting ? SctpSendResult.StreamClosed : SctpSendResult.Closed;
        var options = channel.Settings.SendOptions;
        if (!channel.PeerKnows)
            options = options with { Unordered = false };
        return data.IsEmpty
            ? association.Send(channel.Id!.Value, emptyPpid, [0], options, now)
            : association.Send(channel.Id!.Value, ppid, data, options, now);
    }

    private void OnControl(ushort stream, byte[] message, long now)
    {
        _channels.TryGetValue(stream, out var channel);
        if (Dcep.IsAck(message) && channel is not null)
        {
            channel.PeerKnows = true;
        }
        else if (Dcep.IsOpen(message) && channel is null)
        {
            if (_channels.Count + _withoutId.Count < maxChannels && Dcep.ReadOpen(message, stream) is { } settings)
            {
                Accept(stream, settings, now);
            }
            else
            {
                Refused++;
                association.ResetStream(stream);
            }
        }
        else
        {
            Refused++;
        }
    }

    private void Accept(ushort stream, DataChannelSettings settings, long now)
    {
        var channel = new DataChannelCore(settings)
        {
            Id = stream,
            Phase = DataChannelPhase.Open,
            PeerKnows = true,
            OpenSent = true,
        };
        _channels[stream] = channel;
        association.SetPriority(stream, settings.Priority);
        association.SetBufferedAmountLowThreshold(stream, 0);
        association.Send(stream, Dcep.Control, Dcep.Ack, default, now);
        _events.Enqueue(new DataChannelEvent(DataChannelEventKind.Accepted, channel));
    }

    private void OnMessage(in SctpEvent e)
    {
        if (!_channels.TryGetValue(e.Stream, out var channel) || channel.Phase != DataChannelPhase.Open)
        {
            Refused++;
            return;
        }

        // Data in answer to an OPEN says as much as its ACK.
        channel.PeerKnows = true;
        switch (e.PayloadProtocol)
        {
            case Dcep.Text or Dcep.Binary:
                var isText = e.PayloadProtocol == Dcep.Text;
                var data = channel.Partial is null ? e.Data! : JoinPartial(channel, e.Data!);
                if (data is not null)
                    _events.Enqueue(new DataChannelEvent(DataChannelEventKind.Message, channel, data, isText));
                break;
            case Dcep.TextPartial or Dcep.BinaryPartial:
                KeepPartial(channel, e.Data!);
                break;
            case Dcep.EmptyText or Dcep.EmptyBinary:
                _events.Enqueue(new DataChannelEvent(DataChannelEventKind.Message, channel, [],
                    e.PayloadProtocol == Dcep.EmptyText));
                break;
            default:
                Refused++;
                break;
        }
    }

    private bool KeepPartial(DataChannelCore channel, byte[] part)
    {
        channel.Partial ??= new MemoryStream();
        if (channel.Partial.Length + part.Length > maxMessageSize)
        {
            Refused++;
            channel.Partial = null;
            Close(channel);
            return false;
        }

        channel.Partial.Write(part);
        return true;
    }

    private byte[]? JoinPartial(DataChannelCore channel, byte[] last)
    {
        if (!KeepPartial(channel, last))
            return null;
        var whole = channel.Partial!.ToArray();
        channel.Partial = null;
        return whole;
    }

    private void OnIncomingReset(ushort stream)
    {
        if (!_channels.TryGetValue(stream, out var channel))
            return;
        channel.IncomingReset = true;
        if (channel.Phase < DataChannelPhase.Closing)
        {
            channel.Phase = DataChannelPhase.Closing;
            _events.Enqueue(new DataChannelEvent(DataChannelEventKind.Closing, channel));

            // The peer reads no more, so what is still queued is for nobody.
            association.ResetStream(stream, discardQueued: true);
        }
        else if (channel.OutgoingReset)
        {
            Remove(channel);
        }
    }

    /// <summary>
    /// The peer knows that the channel is over: it is closed here too. Its id is free once the peer reset its own side,
    /// which some peers never do.
    /// </summary>
    private void OnOutgoingReset(ushort stream)
    {
        if (!_channels.TryGetValue(stream, out var channel))
            return;
        channel.OutgoingReset = true;
        Finish(channel);
        if (channel.IncomingReset)
            Remove(channel);
    }

    private void Finish(DataChannelCore channel)
    {
        if (channel.Phase == DataChannelPhase.Closed)
            return;
        channel.Phase = DataChannelPhase.Closed;
        channel.Partial = null;
        _events.Enqueue(new DataChannelEvent(DataChannelEventKind.Closed, channel));
    }

    private void Remove(DataChannelCore channel)
    {
        if (channel.Id is { } id)
            _channels.Remove(id);
    }
}
