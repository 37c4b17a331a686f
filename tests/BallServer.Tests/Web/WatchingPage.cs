using Ball.Link.Messages;
using Ball.Link.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace BallServer.Tests.Web;

/// <summary>
/// A page without a page: video by WebRTC, words on its WebSocket. (A JSON session would say hello on its data channel as well.)
/// </summary>
internal sealed class WatchingPage : IAsyncDisposable
{
    private readonly ReceivingSession _session;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<uint> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _watching = Task.CompletedTask;

    private WatchingPage(WebPeer words)
    {
        Words = words;
        _session = new ReceivingSession(
            words, new PeerOptions { Role = PeerRole.Offer }, MessageTemplate.Plain, TimeProvider.System, NullLogger.Instance);
        _session.FrameReceived += frame => _first.TrySetResult(frame.Rtp);
    }

    public WebPeer Words { get; }

    public static async Task<WatchingPage> OpenAsync(RunningServer server) => new(new WebPeer(await server.ConnectAsync()));

    public void Watch() => _watching = _session.RunAsync(_stop.Token);

    /// <summary>The name of the first frame that came.</summary>
    public Task<uint> FirstFrameAsync() => _first.Task.WaitAsync(RunningServer.Patience);

    /// <summary>Leaves.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        await _session.DisposeAsync();
    }
}
