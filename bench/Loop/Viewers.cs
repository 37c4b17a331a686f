using Ball.Link.Messages;
using Ball.Link.Peers;
using Ball.Link.Signaling;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loop;

/// <summary>Many clients in this process that only receive; the same for either server.</summary>
internal sealed class Viewers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ReceivingSession> _sessions = [];
    private readonly List<Task> _running = [];

    public static async Task<Viewers> ConnectAsync(int port, int count)
    {
        var viewers = new Viewers();
        for (var i = 0; i < count; i++)
        {
            var signaling = await TcpSignalingConnector.ConnectAsync("127.0.0.1", port, TimeSpan.FromSeconds(20));
            var session = new ReceivingSession(
                signaling, new PeerOptions { Role = PeerRole.Answer, ConnectTime = TimeSpan.FromSeconds(60) },
                MessageTemplate.Plain, TimeProvider.System, NullLogger.Instance);
            viewers._sessions.Add(session);
            viewers._running.Add(session.RunAsync(viewers._stop.Token));
            await session.Connected.WaitAsync(TimeSpan.FromSeconds(60));
        }
        return viewers;
    }

    /// <summary>Frames that each has received so far.</summary>
    public long[] Received => [.. _sessions.Select(session => session.Received)];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
