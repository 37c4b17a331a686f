using System.Net;
using Ball.Quic.Connections;

namespace Ball.Quic.Tests;

/// <summary>Many clients at once, over real sockets and with real TLS.</summary>
public sealed class ManyTests
{
    /// <summary>All handshakes are under way at once, and each as slow as all of them.</summary>
    private static readonly ConnectionOptions s_patient = new() { HandshakeTimeout = 60_000_000 };

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task Two_hundred_clients_echo_at_once(int retryFrom)
    {
        const int clients = 200;
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var certificate = Certificates.Create();
        await using var listener = QuicListener.Start(new QuicListenerOptions
        {
            Certificate = certificate,
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            RetryFrom = retryFrom
        });
        var serving = Task.Run(() => ServeAsync(listener, clients, cancellation.Token));
        byte[] hash = Certificates.HashOf(certificate);
        var asking = Enumerable.Range(0, clients).Select(i => AskAsync(listener.LocalEndPoint, hash, i, cancellation.Token));
        Assert.All(await Task.WhenAll(asking), Assert.True);
        await serving;
    }

    [Fact]
    public async Task A_client_that_trusts_another_certificate_does_not_connect()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var certificate = Certificates.Create();
        await using var listener = QuicListener.Start(new QuicListenerOptions
        {
            Certificate = certificate,
            Listen = new IPEndPoint(IPAddress.Loopback, 0)
        });
        var error = await Assert.ThrowsAsync<QuicException>(
            () => QuicClient.ConnectAsync(listener.LocalEndPoint, new byte[32], cancellation: cancellation.Token));
        Assert.Equal(0x100 + 42, error.Code);
    }

    [Fact]
    public async Task A_client_of_another_protocol_is_told_so()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var certificate = Certificates.Create();
        await using var listener = QuicListener.Start(new QuicListenerOptions
        {
            Certificate = certificate,
            Listen = new IPEndPoint(IPAddress.Loopback, 0)
        });
        var error = await Assert.ThrowsAsync<QuicException>(() => QuicClient.ConnectAsync(
            listener.LocalEndPoint, Certificates.HashOf(certificate), "smtp", cancellation: cancellation.Token));
        Assert.Equal((0x100 + 120, true), (error.Code, error.ByPeer));
    }

    private static async Task ServeAsync(QuicListener listener, int count, CancellationToken cancellation)
    {
        var serving = new List<Task>();
        for (int i = 0; i < count; i++)
        {
            var connection = await listener.AcceptAsync(cancellation);
            serving.Add(Task.Run(
                async () => await Loopback.EchoAsync(await connection.AcceptStreamAsync(cancellation), cancellation),
                cancellation));
        }

        await Task.WhenAll(serving);
    }

    private static async Task<bool> AskAsync(IPEndPoint server, byte[] hash, int seed, CancellationToken cancellation)
    {
        await using var client = await QuicClient.ConnectAsync(server, hash, options: s_patient, cancellation: cancellation);
        var question = new byte[20_000];
        new Random(seed).NextBytes(question);
        var stream = await client.Connection.OpenStreamAsync(false, cancellation);
        await stream.WriteAsync(question, cancellation);
        stream.CompleteWrites();
        var answer = new MemoryStream();
        await stream.CopyToAsync(answer, cancellation);
        return question.AsSpan().SequenceEqual(answer.ToArray());
    }
}
