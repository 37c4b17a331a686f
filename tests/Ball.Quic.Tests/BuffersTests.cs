using Ball.Quic.Streams;

namespace Ball.Quic.Tests;

/// <summary>What streams are sent from and received into.</summary>
public sealed class BuffersTests
{
    [Fact]
    public void Pieces_in_any_order_make_the_stream_again()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            const int window = 16 << 10;
            var source = new byte[100_000];
            random.NextBytes(source);
            var buffer = new ReceiveBuffer(window);
            var target = new MemoryStream();
            var chunk = new byte[5000];
            while (target.Length < source.Length)
            {
                int reach = (int)Math.Min(source.Length, buffer.Start + window);
                int start = random.Next((int)Math.Max(0, buffer.Start - 500), reach);
                int length = Math.Min(random.Next(3000), reach - start);
                Assert.True(buffer.TryWrite(start, source.AsSpan(start, length)));
                if (random.Next(4) == 0)
                {
                    long end = buffer.ReadableEnd;
                    int more = (int)Math.Min(100, reach - end);
                    Assert.True(buffer.TryWrite(end, source.AsSpan((int)end, more)));
                }
                int read = buffer.Read(chunk.AsSpan(0, random.Next(chunk.Length)));
                target.Write(chunk, 0, read);
            }

            Assert.True(source.AsSpan().SequenceEqual(target.ToArray()));
        }
    }

    [Fact]
    public void What_does_not_fit_into_the_window_is_refused()
    {
        var buffer = new ReceiveBuffer(1000);
        Assert.True(buffer.TryWrite(0, new byte[1000]));
        Assert.False(buffer.TryWrite(1000, new byte[1]));
        buffer.Read(new byte[10]);
        Assert.True(buffer.TryWrite(1000, new byte[10]));
    }

    [Fact]
    public void An_empty_piece_beyond_a_gap_changes_nothing()
    {
        var buffer = new ReceiveBuffer(1000);
        Assert.True(buffer.TryWrite(500, []));
        Assert.Equal(0, buffer.Readable);
    }

    [Fact]
    public void A_stream_in_too_many_pieces_is_refused()
    {
        var buffer = new ReceiveBuffer(1 << 20);
        bool taken = true;
        int pieces = 0;
        for (long offset = 1; taken && offset < 1 << 20; offset += 2, pieces++)
            taken = buffer.TryWrite(offset, new byte[1]);
        Assert.False(taken);
        Assert.InRange(pieces, 100, 2000);
    }

    [Fact]
    public void What_was_lost_is_sent_again_and_all_arrives_once_acknowledged()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var source = new byte[60_000];
            random.NextBytes(source);
            var buffer = new SendBuffer(8 << 10);
            var arrived = new byte[source.Length];
            var flying = new List<(long Offset, int Length)>();
            int written = 0;
            while (!buffer.AllAcked || written < source.Length)
            {
                written += buffer.Write(source.AsSpan(written, Math.Min(random.Next(3000), source.Length - written)));
                if (buffer.TryTake(random.Next(1, 1500), long.MaxValue, out long offset, out int length))
                {
                    buffer.Read(offset, arrived.AsSpan((int)offset, length));
                    flying.Add((offset, length));
                }

                if (flying.Count == 0 || random.Next(3) > 0)
                    continue;
                int index = random.Next(flying.Count);
                var fate = flying[index];
                bool lost = random.Next(3) == 0;
                if (lost)
                    buffer.Lost(fate.Offset, fate.Length);
                else
                    buffer.Acked(fate.Offset, fate.Length);

                // What was given up may arrive after all.
                if (!lost || random.Next(2) == 0)
                    flying.RemoveAt(index);
            }

            Assert.True(source.AsSpan().SequenceEqual(arrived));
        }
    }
}
