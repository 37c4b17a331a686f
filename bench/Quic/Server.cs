using System.Buffers.Binary;
using System.Net;
using System.Text.Json.Nodes;
using Ball.WebTransport;
using Ball.WebTransport.Transport;

namespace QuicBench;

/// <summary>
/// The other process. The first byte of a stream says what it is for: <c>e</c> sends everything back, <c>d</c> only reads and
/// then says so with one byte, <c>s</c> sends as many bytes as the next eight say. A request of HTTP/3 is read and answered.
/// Datagrams are sent back.
/// </summary>
internal static class Server
{
    private const int Chunk = 64 << 10;
    private const char HeadersFrame = '\x01';

    /// <summary>A HEADERS frame with <c>:status 200</c>.</summary>
    private static readonly byte[] s_ok = [0x01, 0x03, 0x00, 0x00, 0xd9];

    public static async Task<int> RunAsync(Contender contender)
    {
        using var certificate = ServerCertificate.Create();
        await using var listener = await contender.Listen(
            new WebTransportServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, certificate);
        Say(new JsonObject { ["port"] = listener.LocalEndPoint.Port, ["hash"] = Convert.ToHexString(certificate.Hash) });
        using var over = new CancellationTokenSource();
        var accepting = AcceptAllAsync(listener, over.Token);
        while (await Console.In.ReadLineAsync() is "usage")
        {
            var usage = Usage.Now();
            Say(new JsonObject { ["cpu"] = usage.CpuSeconds, ["allocated"] = usage.AllocatedBytes });
        }

        await over.CancelAsync();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    private static void Say(JsonObject reply) => Console.Out.WriteLine(reply.ToJsonString());

    private static async Task AcceptAllAsync(ITransportListener listener, CancellationToken over)
    {
        while (true)
        {
            var connection = await listener.AcceptAsync(over);
            _ = UntilItEnds(() => EchoDatagramsAsync(connection, over));
            _ = UntilItEnds(() => ServeAsync(connection, over));
        }
    }

    private static async Task ServeAsync(ITransportConnection connection, CancellationToken over)
    {
        await using var owned = connection;
        while (true)
        {
            var stream = await connection.AcceptStreamAsync(over);
            _ = UntilItEnds(() => ServeAsync(stream, over));
        }
    }

    private static async Task EchoDatagramsAsync(ITransportConnection connection, CancellationToken over)
    {
        var buffer = new byte[2048];
        while (connection.MaxDatagramSize > 0)
        {
            int length = await connection.ReceiveDatagramAsync(buffer, over);
            connection.TrySendDatagram(buffer.AsSpan(0, length), []);
        }
    }

    private static async Task ServeAsync(ITransportStream stream, CancellationToken over)
    {
        await using var owned = stream;
        var buffer = new byte[Chunk];
        if (await stream.ReadAsync(buffer.AsMemory(0, 1), over) == 0 || !stream.CanWrite)
            return;
        switch ((char)buffer[0])
        {
            case 'e':
                while (await stream.ReadAsync(buffer, over) is > 0 and var length)
                    await stream.WriteAsync(buffer.AsMemory(0, length), over);
                break;
            case 'd' or HeadersFrame:
                var answer = buffer[0] == HeadersFrame ? s_ok : [1];
                while (await stream.ReadAsync(buffer, over) > 0)
                {
                }

                await stream.WriteAsync(answer, over);
                break;
            case 's':
                await stream.ReadAsync(buffer.AsMemory(0, 8), over);
                for (long left = BinaryPrimitives.ReadInt64BigEndian(buffer); left > 0; left -= Chunk)
                    await stream.WriteAsync(buffer.AsMemory(0, (int)Math.Min(left, Chunk)), over);
                break;
        }

        stream.CompleteWrites();
    }

    // The client ends connections and streams when it has what it wants.
    private static async Task UntilItEnds(Func<Task> serve)
    {
        try
        {
            await serve();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }
}
