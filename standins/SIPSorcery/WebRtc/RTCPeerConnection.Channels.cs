using Microsoft.Extensions.Logging;
using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Net;

// Data channels.
public partial class RTCPeerConnection
{
    // A polled event may want an answer sent; so many events are taken before what they caused is sent in one go.
    private const int EventsPerFlush = 16;
    private const long SilentPeerTakes = 65536;

    private readonly List<RTCDataChannel> _channels = [];
    private int _polledSinceFlush;

    /// <summary>The data channels that are not closed.</summary>
    public IReadOnlyCollection<RTCDataChannel> DataChannels
    {
        get
        {
            lock (_lock)
            {
                return [.. _channels];
            }
        }
    }

    /// <summary>
    /// Opens a data channel. Before the connection stands, the channel is given at once and opens later; afterwards the task
    /// ends when it is open.
    /// </summary>
    public Task<RTCDataChannel> createDataChannel(string label, RTCDataChannelInit? init = null)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (init is { maxPacketLifeTime: not null, maxRetransmits: not null })
        {
            throw new ApplicationException("A data channel is limited by lifetime or by retransmissions, not by both.");
        }

        if (init is { negotiated: true, id: null })
        {
            throw new ApplicationException("A negotiated data channel needs an id.");
        }

        var channel = new RTCDataChannel(sctp, init) { label = label };
        bool isFirst;
        lock (_lock)
        {
            if (IsClosed)
            {
                throw new ApplicationException("The connection is closed.");
            }

            if (_isActive && _core.Data is null)
            {
                throw new ApplicationException("No data channel was negotiated: create one before the offer.");
            }

            isFirst = _channels.Count == 0;
            if (_core.Data is { } data)
            {
                var now = MonotonicClock.Now;
                if (!Open(channel, data, now))
                {
                    throw new ApplicationException(
                        $"The data channel {label} could not be opened: its id is taken, or there are too many.");
                }

                _channels.Add(channel);
                Settle(now);
                if (IsDtlsNegotiationComplete)
                {
                    return channel.Opened;
                }

                return Task.FromResult(channel);
            }

            _channels.Add(channel);
        }

        if (isFirst)
        {
            NegotiationNeeded();
        }

        return Task.FromResult(channel);
    }

    internal ulong BufferedAmount(RTCDataChannel channel)
    {
        lock (_lock)
        {
            return channel.Core is { } core && _core.Data is { } data && !IsClosed ? (ulong)data.BufferedAmount(core) : 0;
        }
    }

    internal void CloseChannel(RTCDataChannel channel)
    {
        bool isClosedNow;
        lock (_lock)
        {
            isClosedNow = channel.Core is null && _channels.Remove(channel);
            if (channel.Core is { } core && _core.Data is { } data && !IsClosed)
            {
                if (channel.readyState != RTCDataChannelState.closed)
                {
                    channel.readyState = RTCDataChannelState.closing;
                    channel.IsOpened = false;
                }

                data.Close(core);
                Settle(MonotonicClock.Now);
            }
        }

        if (isClosedNow)
        {
            channel.RaiseClose();
        }
    }

    internal void SendData(RTCDataChannel channel, DataChannelPayloadProtocols kind, ReadOnlySpan<byte> message)
    {
        SctpSendResult result;
        lock (_lock)
        {
            if (channel.readyState != RTCDataChannelState.open || IsClosed ||
                channel.Core is not { } core || _core.Data is not { } data)
            {
                _logger.LogWarning(
                    "A message on the data channel {Label} was dropped: it is {State}", channel.label, channel.readyState);
                return;
            }

            var now = MonotonicClock.Now;
            result = kind is DataChannelPayloadProtocols.WebRTC_String or DataChannelPayloadProtocols.WebRTC_String_Empty
                ? data.SendText(core, message, now)
                : data.SendBinary(core, message, now);
            Settle(now);
        }

        if (result is SctpSendResult.TooLarge or SctpSendResult.BufferFull)
        {
            throw new ApplicationException(result == SctpSendResult.TooLarge
                ? $"The peer takes no data channel message of {message.Length} bytes."
                : "Too much waits to be sent on the data channels; look at bufferedAmount before sending more.");
        }
    }

    private static bool Open(RTCDataChannel channel, DataChannels data, long now)
    {
        channel.Core = data.Open(
            new DataChannelSettings
            {
                Label = channel.label,
                Protocol = channel.protocol,
                Ordered = channel.ordered,
                MaxRetransmits = channel.maxRetransmits,
                MaxPacketLifeTime = channel.maxPacketLifeTime,
                Negotiated = channel.negotiated,
                Id = channel.id,
            },
            now);
        if (channel.Core is not { } core)
        {
            return false;
        }

        core.Owner = channel;
        return true;
    }

    private void ActivateData(long now)
    {
        if (_core.Data is not null ||
            _lines.Find(line => line is { IsData: true, IsRefused: false }) is not { Remote: { } remote })
        {
            return;
        }

        var largest = remote.MaxMessageSize > 0 ? remote.MaxMessageSize : SilentPeerTakes;
        _core.EnableData(
            new SctpOptions
            {
                RemotePort = remote.SctpPort ?? 5000,
                MaxSendMessageSize = (int)Math.Min(largest, RTCSctpTransport.MaxMessageSize),
                MaxReceiveMessageSize = (int)RTCSctpTransport.MaxMessageSize,
            },
            now);

        // The DTLS server takes the odd ids; by default that is the offerer, so this fits aiortc's rule too.
        _core.Data!.UseIds(even: sctp.IsDtlsClient, now);
        foreach (var channel in _channels)
        {
            Open(channel, _core.Data, now);
        }
    }

    /// <summary>Under the lock.</summary>
    private bool TryPollData(out DataChannelEvent happened)
    {
        happened = default;
        if (_core.Data is not { } data || IsClosed)
        {
            return false;
        }

        var now = MonotonicClock.Now;
        var found = data.TryPollEvent(out happened, now);
        if (++_polledSinceFlush >= EventsPerFlush || !found)
        {
            _polledSinceFlush = 0;
            Flush(now);
            TimeoutScheduler.Shared.Plan(_schedule, _core.NextTimeout);
        }

        return found;
    }

    private void Raise(in DataChannelEvent happened)
    {
        var channel = happened.Channel?.Owner as RTCDataChannel;
        switch (happened.Kind)
        {
            case DataChannelEventKind.Connected:
                sctp.Become(RTCSctpTransportState.Connected);
                break;
            case DataChannelEventKind.Disconnected:
                sctp.Become(RTCSctpTransportState.Closed);
                break;
            case DataChannelEventKind.Opened:
                channel!.id = happened.Channel!.Id;
                channel.RaiseOpen();
                break;
            case DataChannelEventKind.Accepted:
                Accept(happened.Channel!);
                break;
            case DataChannelEventKind.Message:
                channel?.RaiseMessage(Kind(happened), happened.Data!);
                break;
            case DataChannelEventKind.Closing when channel is not null:
                channel.readyState = RTCDataChannelState.closing;
                channel.IsOpened = false;
                break;
            case DataChannelEventKind.Closed when channel is not null:
                lock (_lock)
                {
                    _channels.Remove(channel);
                }

                channel.RaiseClose();
                break;
        }
    }

    private static DataChannelPayloadProtocols Kind(in DataChannelEvent message) => (message.IsText, message.Data!.Length) switch
    {
        (true, 0) => DataChannelPayloadProtocols.WebRTC_String_Empty,
        (true, _) => DataChannelPayloadProtocols.WebRTC_String,
        (false, 0) => DataChannelPayloadProtocols.WebRTC_Binary_Empty,
        _ => DataChannelPayloadProtocols.WebRTC_Binary,
    };

    private void Accept(DataChannelCore core)
    {
        var channel = new RTCDataChannel(sctp)
        {
            label = core.Label,
            protocol = core.Protocol,
            ordered = core.Settings.Ordered,
            maxRetransmits = core.Settings.MaxRetransmits,
            maxPacketLifeTime = core.Settings.MaxPacketLifeTime,
            id = core.Id,
            Core = core,
        };
        core.Owner = channel;
        lock (_lock)
        {
            _channels.Add(channel);
        }

        channel.RaiseAccepted(ondatachannel);
    }

    private void CloseAllChannels()
    {
        List<RTCDataChannel> open;
        lock (_lock)
        {
            open = [.. _channels];
            _channels.Clear();
        }

        open.ForEach(channel => channel.RaiseClose());
        sctp.Become(RTCSctpTransportState.Closed);
    }
}
