using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Ball.Link.Signaling;

namespace BallServer.Tests.Web;

/// <summary>The page's end of a session's WebSocket, without a page.</summary>
internal sealed class WebPeer(ClientWebSocket socket) : ISignaling
{
    private readonly byte[] _buffer = new byte[SignalingFormat.MaxLine];

    /// <summary>What came that is not signalling.</summary>
    public BlockingCollection<string> Texts { get; } = [];

    public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    public Task SendAsync(SignalingMessage message, CancellationToken cancel = default) =>
        socket.SendAsync(SignalingFormat.ToLine(message), WebSocketMessageType.Text, true, cancel);

    public Task SendAsync(string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public async ValueTask<SignalingMessage?> ReceiveAsync(CancellationToken cancel = default)
    {
        while (await LineAsync(cancel) is { } line)
        {
            if (SignalingFormat.TryParse(Encoding.UTF8.GetBytes(line), out var message, out _) && message is not null)
                return message;
            Texts.Add(line, CancellationToken.None);
        }
        return null;
    }

    /// <summary>The next message, whatever it is; null when the server hung up.</summary>
    public async Task<string?> LineAsync(CancellationToken cancel)
    {
        var length = 0;
        while (true)
        {
            try
            {
                var part = await socket.ReceiveAsync(_buffer.AsMemory(length), cancel);
                if (part.MessageType == WebSocketMessageType.Close)
                    return null;
                length += part.Count;
                if (part.EndOfMessage)
                    return Encoding.UTF8.GetString(_buffer, 0, length);
            }
            catch (WebSocketException)
            {
                return null;
            }
        }
    }

    /// <summary>Hears everything until the server hangs up.</summary>
    public async Task HungUpAsync()
    {
        using var patience = new CancellationTokenSource(RunningServer.Patience);
        while (await LineAsync(patience.Token) is not null)
        {
        }
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
