using Ball.Link.RawFrames;
using SIPSorcery.Net;

namespace Ball.Link.Peers;

/// <summary>A data channel of the engine's; what is sent while it is not open is lost, and that is all right.</summary>
internal sealed class DataChannel(RTCDataChannel channel) : IMessageChannel, ITextChannel
{
    public string Label => channel.label ?? "";

    public bool IsOpen => channel.readyState == RTCDataChannelState.open;

    public long BufferedAmount => (long)Math.Min(channel.bufferedAmount, long.MaxValue);

    public bool Is(RTCDataChannel other) => ReferenceEquals(channel, other);

    public void Send(string text)
    {
        if (IsOpen)
            channel.send(text);
    }

    public void Send(ArraySegment<byte> bytes)
    {
        if (IsOpen)
            channel.send(bytes.Array!, bytes.Offset, bytes.Count);
    }
}
