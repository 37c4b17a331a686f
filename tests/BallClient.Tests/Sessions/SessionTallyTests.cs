using System.Diagnostics;
using Ball.Link.Messages;
using Ball.Link.Peers;
using Ball.Link.Signaling;
using BallClient.Pictures;
using BallClient.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace BallClient.Tests.Sessions;

public class SessionTallyTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>A slice of a picture that builds on one that never came.</summary>
    static readonly byte[] s_undecodable = [0, 0, 0, 1, 0x41, 0x9a, 0x24, 0x6c, 0x41, 0x0f];

    [Fact]
    public async Task A_session_counts_as_much_while_it_is_on_as_when_it_is_over()
    {
        await using var listener = TcpSignalingListener.Start("127.0.0.1", 0);
        var accepting = listener.AcceptAsync(CancellationToken.None);
        var connector = await TcpSignalingConnector.ConnectAsync("127.0.0.1", listener.EndPoint.Port, s_patience);
        await using var sender = new SendingSession(
            await accepting, new PeerOptions { Role = PeerRole.Offer }, TimeProvider.System, NullLogger.Instance);
        await using var receiver = new ReceivingSession(
            connector, new PeerOptions { Role = PeerRole.Answer }, MessageTemplate.Json, TimeProvider.System,
            NullLogger.Instance);
        using var decoding = new VideoDecoding((_, _, _) => { }, () => { });
        using var stop = new CancellationTokenSource();

        var tally = new SessionTally();
        tally.Begin(receiver, decoding);
        Assert.Equal((0, 0L, false), (tally.Connected, tally.Undecodable, tally.Clock.IsKnown));

        var running = Task.WhenAll(sender.RunAsync(stop.Token), receiver.RunAsync(stop.Token));
        decoding.Take(new ReceivedFrame(s_undecodable, 0, 0));
        for (var watch = Stopwatch.StartNew(); !IsComplete(tally); await Task.Delay(20))
            Assert.True(watch.Elapsed < s_patience, $"{tally.Connected} connected, {tally.Undecodable} undecodable");

        await stop.CancelAsync();
        await running.WaitAsync(s_patience);
        tally.End();
        Assert.True(IsComplete(tally));
        tally.End();
        Assert.True(IsComplete(tally));
    }

    static bool IsComplete(SessionTally tally) => tally is { Connected: 1, Undecodable: 1, Clock.IsKnown: true };
}
