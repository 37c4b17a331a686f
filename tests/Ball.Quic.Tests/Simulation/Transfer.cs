using Ball.Quic.Connections;
using Ball.Quic.Streams;

namespace Ball.Quic.Tests.Simulation;

/// <summary>Sends bytes on a stream of one side and gathers them on the other, step by step.</summary>
sealed class Transfer(Connection sender, Func<Connection?> receiver, byte[] content)
{
    private readonly MemoryStream _arrived = new();
    private readonly byte[] _chunk = new byte[64 << 10];
    private StreamState? _output;
    private StreamState? _input;
    private int _written;

    public bool IsDone { get; private set; }

    public bool IsRight => IsDone && _arrived.ToArray().AsSpan().SequenceEqual(content);

    public long Arrived => _arrived.Length;

    /// <summary>Called when the receiving side sees its stream.</summary>
    public void Take(StreamState stream) => _input = stream;

    public void Step()
    {
        if (_output is null && !sender.TryOpen(uni: true, out _output))
            return;
        if (_written < content.Length)
        {
            _written += sender.Write(_output!, content.AsSpan(_written));
            if (_written == content.Length)
                sender.Finish(_output!);
        }

        if (_input is null || IsDone)
            return;
        int count;
        do
        {
            count = receiver()!.Read(_input, _chunk, out bool end);
            _arrived.Write(_chunk, 0, count);
            IsDone |= end;
        }
        while (count > 0 && !IsDone);
    }
}
