using System.Net.WebSockets;
using Ball.Link.Signaling;

namespace BallServer.Web.Sessions;

/// <summary>Lines as messages of a WebSocket.</summary>
internal sealed class WebSocketLines(WebSocket socket) : ILineTransport
{
    private byte[] _buffer = new byte[4096];

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel)
    {
        var length = 0;
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(_buffer.AsMemory(length), cancel);
                if (part.MessageType == WebSocketMessageType.Close)
                    return null;
                if (part.MessageType != WebSocketMessageType.Text)
                    throw new InvalidDataException("a page sends texts only");
                length += part.Count;
                if (part.EndOfMessage)
                    return _buffer.AsMemory(0, length);
                if (length >= SignalingFormat.MaxLine)
                    throw new InvalidDataException($"a message of more than {SignalingFormat.MaxLine} bytes");
                if (length == _buffer.Length)
                    Array.Resize(ref _buffer, length * 2);
            }
        }
        catch (WebSocketException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancel)
    {
        try
        {
            await socket.SendAsync(line, WebSocketMessageType.Text, endOfMessage: true, cancel);
        }
        catch (WebSocketException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    public async Task CloseAsync(LineClose reason, CancellationToken cancel)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        try
        {
            await socket.CloseOutputAsync((WebSocketCloseStatus)reason.Code, reason.Why, cancel);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // Who is gone need not be told.
        }
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
