using System.Net;

namespace Ball.WebTransport.Tests;

/// <summary>The server apart from its sessions.</summary>
public sealed class ServerTests
{
    [Fact]
    public async Task The_certificate_is_renewed_before_it_ends_by_one_that_was_announced()
    {
        var time = new ManualTime();
        await using var server = await WebTransportServer.StartAsync(
            new WebTransportServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, time: time);
        for (int weeks = 0; weeks < 5; weeks++)
        {
            var before = server.CertificateHashes;
            Assert.NotEqual(before[0], before[1]);
            time.Advance(TimeSpan.FromDays(6.1));
            Assert.Equal(before[1], server.CertificateHashes[0]);
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_at_once()
    {
        await using var server = await WebTransportServer.StartAsync(
            new WebTransportServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        await Assert.ThrowsAnyAsync<Exception>(
            () => WebTransportServer.StartAsync(new WebTransportServerOptions { Listen = server.LocalEndPoint }));
    }

    [Fact]
    public async Task Accepting_ends_when_the_server_stops()
    {
        var server = await WebTransportServer.StartAsync(
            new WebTransportServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        var accepting = server.AcceptSessionAsync().AsTask();
        await server.DisposeAsync();
        Assert.Null(await accepting.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void The_built_in_QUIC_runs_here() =>
        Assert.True(WebTransportServer.IsSupported(QuicChoice.BuiltIn, out string why), why);
}
