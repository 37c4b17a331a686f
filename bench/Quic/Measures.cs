using System.Buffers.Binary;
using System.Diagnostics;
using Ball.WebTransport.Transport;

namespace QuicBench;

/// <summary>What is measured. The code was warmed up before.</summary>
internal static class Measures
{
    private const int Chunk = 64 << 10;

    public static async Task HandshakesAsync(Contender contender, Remote remote, Report report, int count)
    {
        var times = new List<double>();
        var before = await remote.UsageAsync();
        for (int i = 0; i < count; i++)
        {
            var watch = Stopwatch.StartNew();
            await using var client = await remote.ConnectAsync();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        var used = await remote.UsageAsync() - before;
        report.Add(contender, "handshake, p50", new Percentiles(times).Median, "ms");
        report.Add(contender, "handshake, p95", new Percentiles(times).At(0.95), "ms");
        report.Add(contender, "handshake, server's processor time", used.CpuSeconds * 1000 / count, "ms");
    }

    public static async Task EchoesAsync(Contender contender, Remote remote, Report report, int count)
    {
        await using var client = await remote.ConnectAsync();
        await using var stream = await OpenAsync(client, 'e');
        var message = new byte[32];
        var (before, packets) = (await remote.UsageAsync(), client.Packets);
        var times = await TimeAsync(count, async () =>
        {
            await stream.WriteAsync(message, default);
            for (int read = 0; read < message.Length;)
                read += await stream.ReadAsync(message.AsMemory(read), default);
        });
        var used = await remote.UsageAsync() - before;
        packets = client.Packets - packets;
        stream.CompleteWrites();
        report.Add(contender, "echo of 32 bytes on a stream, p50", times.Median * 1000, "µs");
        report.Add(contender, "echo on a stream, p95", times.At(0.95) * 1000, "µs");
        report.Add(contender, "echo on a stream, server's processor time", used.CpuSeconds * 1e6 / count, "µs");
        report.Add(contender, "echo on a stream, server allocates", used.AllocatedBytes / (double)count, "B");
        if (packets > 0)
            report.Add(contender, "echo on a stream, server allocates for a packet", used.AllocatedBytes / (double)packets, "B");
    }

    public static async Task DatagramsAsync(Contender contender, Remote remote, Report report, int count)
    {
        await using var client = await remote.ConnectAsync();
        if (client.Connection.MaxDatagramSize == 0)
            return;
        var message = new byte[32];
        var (before, packets) = (await remote.UsageAsync(), client.Packets);
        var times = await TimeAsync(count, async () =>
        {
            client.Connection.TrySendDatagram(message, []);
            await client.Connection.ReceiveDatagramAsync(message, default);
        });
        var used = await remote.UsageAsync() - before;
        packets = client.Packets - packets;
        report.Add(contender, "echo of 32 bytes in a datagram, p50", times.Median * 1000, "µs");
        report.Add(contender, "echo in a datagram, server allocates for a packet", used.AllocatedBytes / (double)packets, "B");
    }

    public static async Task StreamsAsync(Contender contender, Remote remote, Report report, int count)
    {
        await using var client = await remote.ConnectAsync();
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < count; i++)
        {
            await using var stream = await OpenAsync(client, 'e');
            await stream.WriteAsync(new byte[100], default);
            stream.CompleteWrites();
            await ReadAllAsync(stream, new byte[256]);
        }

        report.Add(contender, "streams opened, echoed and closed, one by one", count / watch.Elapsed.TotalSeconds, "/s", true);
    }

    public static async Task BulkAsync(Contender contender, Remote remote, Report report, bool up, int megabytes)
    {
        await using var client = await remote.ConnectAsync();
        await using var stream = await OpenAsync(client, up ? 'd' : 's');
        var buffer = new byte[Chunk];
        var (before, mine, packets) = (await remote.UsageAsync(), Usage.Now(), client.Packets);
        var watch = Stopwatch.StartNew();
        long bytes = (long)megabytes << 20;
        if (up)
        {
            for (long left = bytes; left > 0; left -= Chunk)
                await stream.WriteAsync(buffer, default);
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(buffer, bytes);
            await stream.WriteAsync(buffer.AsMemory(0, 8), default);
        }

        stream.CompleteWrites();
        long read = await ReadAllAsync(stream, buffer);
        double seconds = watch.Elapsed.TotalSeconds;
        if (read != (up ? 1 : bytes))
            throw new InvalidOperationException($"{read} bytes came back");
        var (used, own) = (await remote.UsageAsync() - before, Usage.Now() - mine);
        packets = client.Packets - packets;
        string name = up ? "one stream to the server" : "one stream from the server";
        report.Add(contender, name, megabytes / seconds, "MiB/s", true);
        report.Add(contender, $"{name}, server's processor time", used.CpuSeconds * 1000 / megabytes, "ms/MiB");
        report.Add(contender, $"{name}, client's processor time", own.CpuSeconds * 1000 / megabytes, "ms/MiB");
        report.Add(contender, $"{name}, server allocates", used.AllocatedBytes / (double)megabytes, "B/MiB");
        if (packets > 0)
            report.Add(contender, $"{name}, server allocates for a packet", used.AllocatedBytes / (double)packets, "B");
    }

    private static async Task<ITransportStream> OpenAsync(Client client, char purpose)
    {
        var stream = await client.Connection.OpenStreamAsync(false, default);
        await stream.WriteAsync(new[] { (byte)purpose }, default);
        return stream;
    }

    private static async Task<long> ReadAllAsync(ITransportStream stream, byte[] buffer)
    {
        long all = 0;
        while (await stream.ReadAsync(buffer, default) is > 0 and var count)
            all += count;
        return all;
    }

    private static async Task<Percentiles> TimeAsync(int count, Func<Task> once)
    {
        var times = new List<double>(count);
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await once();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return new Percentiles(times);
    }
}
