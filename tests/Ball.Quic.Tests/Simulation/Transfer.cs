using Ball.Quic.Connections;
using Ball.Quic.Streams;

namespace Ball.Quic.Tests.Simulation;

/// <summary>Sends bytes on a stream of one side and gathers them on the other, step by step.</summary>
sealed class Transfer(Connection sender, Func<Connection?> receiver, byte[] content)
{
    private readonly MemoryStream arrived = new();
    private readonly byte[] chunk = new byte[64 << 10];
    private StreamState? output;
    private StreamState? input;
    private int written;

    public bool IsDone { get; private set; }

    public bool IsRight => IsDone && arrived.ToArray().AsSpan().SequenceEqual(content);

    public long Arrived => arrived.Length;

    /// <summary>Called when the receiving side sees its stream.</summary>
    public void Take(StreamState stream) => input = stream;

    public void Step()
    {
        if (output is null && !sender.TryOpen(uni: true, out output))
            return;
        if (written < content.Length)
        {
            written += sender.Write(output!, content.AsSpan(written));
            if (written == content.Length)
                sender.Finish(output!);
        }

        if (input is null || IsDone)
            return;
        int count;
        do
        {
            count = receiver()!.Read(input, chunk, out bool end);
            arrived.Write(chunk, 0, count);
            IsDone |= end;
        }
        while (count > 0 && !IsDone);
    }
}
