using Ball.Quic;
using Ball.WebTransport.Transport;

namespace QuicBench;

/// <summary>A connection to the other process.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Owner">What ends with it.</param>
/// <param name="Statistics">What it has done so far, where it tells.</param>
internal sealed record Client(ITransportConnection Connection, IAsyncDisposable Owner, Func<QuicStatistics>? Statistics)
    : IAsyncDisposable
{
    public long Packets => Statistics?.Invoke() is { } done ? done.PacketsSent + done.PacketsReceived : 0;

    public async ValueTask DisposeAsync()
    {
        await Connection.CloseAsync(0, "");
        await Connection.DisposeAsync();
        await Owner.DisposeAsync();
    }
}
