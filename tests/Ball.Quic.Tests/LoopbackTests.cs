using System.Net;

namespace Ball.Quic.Tests;

/// <summary>Real sockets, real TLS, both sides ours.</summary>
public sealed class LoopbackTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_stream_echoes()
    {
        using var cancellation = new CancellationTokenSource(s_patience);
        await using var world = await Loopback.StartAsync(cancellation.Token);
        var stream = await world.Client.OpenStreamAsync(false, cancellation.Token);
        await stream.WriteAsync("ball"u8.ToArray(), cancellation.Token);
        stream.CompleteWrites();
        var served = await world.Server.AcceptStreamAsync(cancellation.Token);
        await Loopback.EchoAsync(served, cancellation.Token);

        var echo = new MemoryStream();
        await stream.CopyToAsync(echo, cancellation.Token);
        Assert.Equal("ball"u8.ToArray(), echo.ToArray());
    }

    [Fact]
    public async Task Sixteen_megabytes_echo_unchanged()
    {
        using var cancellation = new CancellationTokenSource(s_patience);
        await using var world = await Loopback.StartAsync(cancellation.Token);
        var sent = new byte[16 << 20];
        new Random(7).NextBytes(sent);
        var stream = await world.Client.OpenStreamAsync(false, cancellation.Token);
        var writing = Task.Run(async () =>
        {
            await stream.WriteAsync(sent, cancellation.Token);
            stream.CompleteWrites();
        });
        var serving = Task.Run(async () =>
            await Loopback.EchoAsync(await world.Server.AcceptStreamAsync(cancellation.Token), cancellation.Token));

        var echo = new MemoryStream(sent.Length);
        await stream.CopyToAsync(echo, cancellation.Token);
        await writing;
        await serving;
        Assert.True(sent.AsSpan().SequenceEqual(echo.GetBuffer().AsSpan(0, (int)echo.Length)));
    }

    [Fact]
    public async Task A_datagram_arrives()
    {
        using var cancellation = new CancellationTokenSource(s_patience);
        await using var world = await Loopback.StartAsync(cancellation.Token);
        Assert.True(world.Client.TrySendDatagram("here"u8));
        var buffer = new byte[100];
        int length = await world.Server.ReceiveDatagramAsync(buffer, cancellation.Token);
        Assert.Equal("here"u8.ToArray(), buffer[..length]);
    }

    [Fact]
    public async Task The_close_code_reaches_the_other_side()
    {
        using var cancellation = new CancellationTokenSource(s_patience);
        await using var world = await Loopback.StartAsync(cancellation.Token);
        world.Server.Close(77, "enough");
        var error = await world.Client.Closed.WaitAsync(cancellation.Token);
        Assert.Equal((77, true, true), (error.Code, error.ByPeer, error.ByApplication));
        Assert.Contains("enough", error.Message);
    }
}
