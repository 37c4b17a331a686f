using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Ball.Link.Signaling;

/// <summary>Signalling over one TCP connection, as aiortc's TcpSocketSignaling does it.</summary>
public sealed class TcpSignaling : ISignaling
{
    /// <summary>How many lines of kinds nobody knows are skipped before the peer counts as broken.</summary>
    const int MaxSkipped = 1000;

    static readonly TimeSpan s_goodbyeTime = TimeSpan.FromMilliseconds(200);

    readonly Stream _stream;
    readonly PipeReader _reader;
    readonly Action? _onClosed;
    int _disposed;
    int _skipped;
    bool _broken;

    internal TcpSignaling(Socket socket, Action? onClosed = null)
    {
        socket.NoDelay = true;
        Peer = socket.RemoteEndPoint?.ToString() ?? "?";
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
        _onClosed = onClosed;
    }

    /// <summary>The other end's address, for messages to people.</summary>
    public string Peer { get; }

    /// <inheritdoc/>
    public async Task SendAsync(SignalingMessage message, CancellationToken cancel = default)
    {
        byte[] line = SignalingFormat.ToLine(message);
        try
        {
            await _stream.WriteAsync(line, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _broken = true;
            throw new SignalingException($"{Peer} hung up before the {SignalingFormat.Name(message)} could be sent.", e);
        }
        catch (OperationCanceledException)
        {
            // Half a line may be out: whatever follows would be garbage to the peer.
            _broken = true;
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<SignalingMessage?> ReceiveAsync(CancellationToken cancel = default)
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await _reader.ReadAsync(cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                _broken = true;
                return null;
            }
            var buffer = result.Buffer;
            SequencePosition? end = buffer.PositionOf((byte)'\n');
            if (end is null)
            {
                if (buffer.Length >= SignalingFormat.MaxLine)
                    throw TooLong();
                _reader.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                    return null;
                continue;
            }
            var line = buffer.Slice(0, end.Value);
            if (line.Length >= SignalingFormat.MaxLine)
                throw TooLong();
            bool known = Parse(line, out var message, out string? error);
            _reader.AdvanceTo(buffer.GetPosition(1, end.Value));
            if (!known)
            {
                _broken = true;
                throw new SignalingException($"{Peer} does not speak aiortc's signalling: {error}.");
            }
            if (message is not null)
                return message;
            if (++_skipped > MaxSkipped)
                throw new SignalingException($"{Peer} sent {MaxSkipped} lines of kinds that are not known.");
        }
    }

    /// <summary>Says goodbye if that takes no time, and hangs up.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        if (!_broken)
        {
            using var patience = new CancellationTokenSource(s_goodbyeTime);
            try
            {
                await SendAsync(ByeMessage.Instance, patience.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SignalingException or OperationCanceledException)
            {
                // A peer that is gone needs no goodbye.
            }
        }
        await _stream.DisposeAsync().ConfigureAwait(false);
        _onClosed?.Invoke();
    }

    static bool Parse(ReadOnlySequence<byte> line, out SignalingMessage? message, out string? error)
    {
        if (line.IsSingleSegment)
            return SignalingFormat.TryParse(line.FirstSpan, out message, out error);
        byte[] copy = ArrayPool<byte>.Shared.Rent((int)line.Length);
        line.CopyTo(copy);
        bool known = SignalingFormat.TryParse(copy.AsSpan(0, (int)line.Length), out message, out error);
        ArrayPool<byte>.Shared.Return(copy);
        return known;
    }

    SignalingException TooLong()
    {
        _broken = true;
        return new SignalingException($"{Peer} sent a line of more than {SignalingFormat.MaxLine} bytes.");
    }
}
