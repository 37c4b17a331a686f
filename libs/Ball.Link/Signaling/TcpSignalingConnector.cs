using System.Net.Sockets;

namespace Ball.Link.Signaling;

/// <summary>How the answerer finds the offerer: it may well start first, so it tries again until its patience ends.</summary>
public static class TcpSignalingConnector
{
    static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_attemptTime = TimeSpan.FromSeconds(5);

    /// <summary>Connects, with longer and longer pauses between attempts.</summary>
    /// <param name="host">The listener's name or address.</param>
    /// <param name="port">The listener's port.</param>
    /// <param name="wait">How long to try; zero for one attempt, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends the attempts.</param>
    /// <exception cref="SignalingException">Nobody listened in all that time.</exception>
    public static async Task<TcpSignaling> ConnectAsync(
        string host, int port, TimeSpan wait, TimeProvider? time = null, CancellationToken cancel = default)
    {
        time ??= TimeProvider.System;
        long start = time.GetTimestamp();
        for (TimeSpan pause = s_firstPause; ; pause = Longer(pause))
        {
            Exception failure;
            try
            {
                return await AttemptAsync(host, port, time, cancel).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                failure = e;
            }
            catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
            {
                failure = e;
            }
            if (wait != Timeout.InfiniteTimeSpan && time.GetElapsedTime(start) + pause > wait)
            {
                string waited = wait > TimeSpan.Zero ? $" (tried for {wait.TotalSeconds:0.#} s)" : "";
                string why = failure is SocketException socket ? socket.Message : "no answer";
                throw new SignalingException(
                    $"Nobody to talk to on {host}:{port}{waited}: {why}. Start the offering side, or raise --wait.", failure);
            }
            await Task.Delay(pause, time, cancel).ConfigureAwait(false);
        }
    }

    internal static TimeSpan Longer(TimeSpan pause) => pause * 1.6 < s_longestPause ? pause * 1.6 : s_longestPause;

    static async Task<TcpSignaling> AttemptAsync(string host, int port, TimeProvider time, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(s_attemptTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            return new TcpSignaling(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
