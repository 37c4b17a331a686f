using BallServer.Streaming;

namespace BallServer.Peers;

/// <summary>Keeps the shared encoder within what the narrowest peer can take.</summary>
internal static class BitrateLoop
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(200);

    public static async Task RunAsync(BallStream stream, PeerRoster peers, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(s_every);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
                stream.Limit(peers.NarrowestBitrate ?? int.MaxValue);
        }
        catch (OperationCanceledException)
        {
            // This is how it ends.
        }
    }
}
