using System.Net;

namespace Ball.Quic.Tests;

/// <summary>A listener and one client connected to it.</summary>
sealed class Loopback : IAsyncDisposable
{
    private readonly QuicListener _listener;
    private readonly QuicClient _client;

    private Loopback(QuicListener listener, QuicClient client, QuicConnection server)
    {
        _listener = listener;
        _client = client;
        Server = server;
    }

    public QuicConnection Client => _client.Connection;

    public QuicConnection Server { get; }

    public static async Task<Loopback> StartAsync(CancellationToken cancellation)
    {
        using var certificate = Certificates.Create();
        var listener = QuicListener.Start(new QuicListenerOptions
        {
            Certificate = certificate,
            Listen = new IPEndPoint(IPAddress.Loopback, 0)
        });
        var client = await QuicClient.ConnectAsync(
            listener.LocalEndPoint, Certificates.HashOf(certificate), cancellation: cancellation);
        return new Loopback(listener, client, await listener.AcceptAsync(cancellation));
    }

    public static async Task EchoAsync(QuicStream stream, CancellationToken cancellation)
    {
        await using (stream)
        {
            await stream.CopyToAsync(stream, 64 << 10, cancellation);
            stream.CompleteWrites();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _listener.DisposeAsync();
    }
}
