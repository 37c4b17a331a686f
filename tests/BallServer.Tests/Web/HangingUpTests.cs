using BallServer.Web.Sessions;

namespace BallServer.Tests.Web;

/// <summary>What a page is told when its session ends.</summary>
public class HangingUpTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_hears_that_the_session_is_over_or_that_the_server_stops(bool stops)
    {
        using var stop = new CancellationTokenSource();
        var transport = new Transport();
        var signaling = new PageSignaling(transport, stop.Token);
        if (stops)
            await stop.CancelAsync();
        await signaling.DisposeAsync();
        Assert.Equal(stops ? LineClose.Stopping : LineClose.Done, transport.Closed);
    }

    [Fact]
    public async Task It_hears_that_it_broke_the_rules_also_while_the_server_stops()
    {
        var transport = new Transport { Breaks = true };
        var signaling = new PageSignaling(transport, new CancellationToken(canceled: true));
        await signaling.ReceiveAsync();
        await signaling.DisposeAsync();
        Assert.Equal(LineClose.Rules, transport.Closed);
    }

    [Fact]
    public async Task It_hears_why_even_if_it_took_nothing_of_what_was_said_before()
    {
        var transport = new Transport { IsStuck = true };
        await new PageSignaling(transport).DisposeAsync();
        Assert.Equal(LineClose.Done, transport.Closed);
    }

    private sealed class Transport : ILineTransport
    {
        /// <summary>Takes no line.</summary>
        public bool IsStuck { get; init; }

        public bool Breaks { get; init; }

        /// <summary>What was said while there was time for it.</summary>
        public LineClose? Closed { get; private set; }

        public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel) =>
            Breaks ? throw new InvalidDataException() : default;

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancel)
        {
            if (IsStuck)
                await Task.Delay(Timeout.Infinite, cancel);
        }

        public Task CloseAsync(LineClose reason, CancellationToken cancel)
        {
            Closed = cancel.IsCancellationRequested ? null : reason;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => default;
    }
}
