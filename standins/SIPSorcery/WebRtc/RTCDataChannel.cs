using System.Text;
using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Net;

/// <summary>A channel for messages between two peers.</summary>
public class RTCDataChannel
{
    private readonly RTCSctpTransport _transport;
    private readonly TaskCompletionSource<RTCDataChannel> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Made by <see cref="RTCPeerConnection.createDataChannel"/>, or when the peer opens a channel.</summary>
    public RTCDataChannel(RTCSctpTransport transport, RTCDataChannelInit? init = null)
    {
        _transport = transport;
        ordered = init?.ordered ?? true;
        maxPacketLifeTime = init?.maxPacketLifeTime;
        maxRetransmits = init?.maxRetransmits;
        protocol = init?.protocol ?? string.Empty;
        negotiated = init?.negotiated ?? false;
        id = init?.id;
    }

    /// <summary>Raised when messages can be sent.</summary>
    public event Action? onopen;

    /// <summary>Raised once when the channel has closed, whoever closed it.</summary>
    public event Action? onclose;

    /// <summary>Raised when the channel could not be made.</summary>
    public event Action<string>? onerror;

    /// <summary>Raised for each message that arrives.</summary>
    public event OnDataChannelMessageDelegate? onmessage;

    /// <summary>The channel's name.</summary>
    public string label { get; set; } = string.Empty;

    /// <summary>Whether messages arrive in the order they were sent.</summary>
    public bool ordered { get; set; }

    /// <summary>For how many milliseconds a message is sent again, if limited.</summary>
    public ushort? maxPacketLifeTime { get; set; }

    /// <summary>How often a message is sent again, if limited.</summary>
    public ushort? maxRetransmits { get; set; }

    /// <summary>The name of the protocol spoken on the channel.</summary>
    public string protocol { get; set; }

    /// <summary>True when both sides made the channel without asking each other.</summary>
    public bool negotiated { get; set; }

    /// <summary>The stream number; null until the transport is up.</summary>
    public ushort? id { get; set; }

    /// <summary>Where in its life the channel is.</summary>
    public RTCDataChannelState readyState { get; internal set; } = RTCDataChannelState.connecting;

    /// <summary>Bytes of this channel that wait to be sent.</summary>
    public ulong bufferedAmount => _transport.Connection.BufferedAmount(this);

    /// <summary>Kept for the application; nothing is raised for it.</summary>
    public ulong bufferedAmountLowThreshold { get; set; }

    /// <summary>Kept for the application; messages always arrive as arrays.</summary>
    public string? binaryType { get; set; }

    /// <summary>Why the channel could not be made.</summary>
    public string? Error { get; private set; }

    /// <summary>True while messages can be sent.</summary>
    public bool IsOpened { get; internal set; }

    /// <summary>The channel in the core, once the transport knows it.</summary>
    internal DataChannelCore? Core { get; set; }

    /// <summary>Ends when the channel is open, or fails when it cannot be.</summary>
    internal Task<RTCDataChannel> Opened => _opened.Task;

    /// <summary>Sends a text.</summary>
    public void send(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var bytes = Encoding.UTF8.GetBytes(message);
        Send(bytes, bytes.Length == 0
            ? DataChannelPayloadProtocols.WebRTC_String_Empty
            : DataChannelPayloadProtocols.WebRTC_String);
    }

    /// <summary>Sends bytes; <paramref name="count"/> below 0 means all from <paramref name="offset"/> on.</summary>
    public void send(byte[] data, int offset = 0, int count = -1)
    {
        ArgumentNullException.ThrowIfNull(data);
        var part = count < 0 ? data.AsSpan(offset) : data.AsSpan(offset, count);
        Send(part, part.Length == 0
            ? DataChannelPayloadProtocols.WebRTC_Binary_Empty
            : DataChannelPayloadProtocols.WebRTC_Binary);
    }

    /// <summary>Closes the channel on both sides once what was sent has arrived.</summary>
    public void close() => _transport.Connection.CloseChannel(this);

    internal void RaiseOpen()
    {
        if (readyState == RTCDataChannelState.connecting)
        {
            readyState = RTCDataChannelState.open;
            IsOpened = true;
            onopen?.Invoke();
            _opened.TrySetResult(this);
        }
    }

    /// <summary>A channel of the peer's can be used at once, and still says so to who listens by then.</summary>
    internal void RaiseAccepted(Action<RTCDataChannel>? announce)
    {
        readyState = RTCDataChannelState.open;
        IsOpened = true;
        announce?.Invoke(this);
        onopen?.Invoke();
    }

    internal void RaiseClose()
    {
        if (readyState != RTCDataChannelState.closed)
        {
            readyState = RTCDataChannelState.closed;
            IsOpened = false;
            if (!_opened.Task.IsCompleted)
            {
                RaiseError("The data channel closed before it was open.");
                _opened.TrySetException(new ApplicationException(Error));

                // Nobody has to wait for the task, so its exception need not be seen.
                _ = _opened.Task.Exception;
            }

            onclose?.Invoke();
        }
    }

    internal void RaiseError(string error)
    {
        Error = error;
        onerror?.Invoke(error);
    }

    internal void RaiseMessage(DataChannelPayloadProtocols kind, byte[] data) => onmessage?.Invoke(this, kind, data);

    private void Send(ReadOnlySpan<byte> data, DataChannelPayloadProtocols kind)
    {
        if (data.Length > RTCSctpTransport.MaxMessageSize)
        {
            throw new ApplicationException(
                $"The message has {data.Length} bytes; a data channel takes {RTCSctpTransport.MaxMessageSize} at most.");
        }

        _transport.Connection.SendData(this, kind, data);
    }
}
