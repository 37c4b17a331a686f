using System.Buffers;
using System.IO.Pipelines;
using Ball.Link.Signaling;

namespace BallServer.Web.Sessions;

/// <summary>Lines on a stream that goes both ways.</summary>
/// <param name="stream">The stream, which is then ours.</param>
internal sealed class StreamLines(Stream stream) : IAsyncDisposable
{
    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
    private byte[] _line = new byte[1024];
    private byte[] _out = new byte[1024];

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            var result = await _reader.ReadAsync(cancel);
            var buffer = result.Buffer;
            var end = buffer.PositionOf((byte)'\n');
            if (end is null && buffer.Length < SignalingFormat.MaxLine)
            {
                _reader.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                    return null;
                continue;
            }
            if (end is not { } at || buffer.Slice(0, at).Length >= SignalingFormat.MaxLine)
                throw new InvalidDataException($"a line of more than {SignalingFormat.MaxLine} bytes");
            var line = buffer.Slice(0, at);
            var length = (int)line.Length;
            if (_line.Length < length)
                _line = new byte[length * 2];
            line.CopyTo(_line);
            _reader.AdvanceTo(buffer.GetPosition(1, at));
            return _line.AsMemory(0, length);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancel)
    {
        // With its end in one piece: two writes would be two packets.
        var needsEnd = line.Length == 0 || line.Span[^1] != (byte)'\n';
        if (needsEnd)
        {
            if (_out.Length <= line.Length)
                _out = new byte[line.Length * 2];
            line.CopyTo(_out);
            _out[line.Length] = (byte)'\n';
            line = _out.AsMemory(0, line.Length + 1);
        }
        await stream.WriteAsync(line, cancel);
        await stream.FlushAsync(cancel);
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
