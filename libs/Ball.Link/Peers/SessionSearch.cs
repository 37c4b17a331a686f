using Ball.Link.Signaling;

namespace Ball.Link.Peers;

/// <summary>
/// How the answerer finds the offerer again and again. Patience begins anew with every session that came about, and only with
/// such: whoever merely takes connections on that port is nobody to talk to.
/// </summary>
/// <param name="wait">How long to look; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
public sealed class SessionSearch(string host, int port, TimeSpan wait, TimeProvider time)
{
    static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);

    long _since = time.GetTimestamp();
    TimeSpan _pause = TimeSpan.Zero;
    string? _lastEnd;

    /// <summary>Whom it looks for, in words.</summary>
    public string Where { get; } = $"{host}:{port}";

    /// <summary>Whether there ever was a session.</summary>
    public bool HasFound { get; private set; }

    /// <summary>Connects for the next session.</summary>
    /// <exception cref="SignalingException">Patience is over.</exception>
    public async Task<TcpSignaling> NextAsync(CancellationToken cancel)
    {
        await Task.Delay(_pause, time, cancel).ConfigureAwait(false);
        var left = wait == Timeout.InfiniteTimeSpan ? wait : wait - time.GetElapsedTime(_since);
        if (left < TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan)
        {
            if (_lastEnd is not null)
                throw new SignalingException($"Nobody to talk to on {Where} (tried for {wait.TotalSeconds:0.#} s): {_lastEnd}.");
            left = TimeSpan.Zero;
        }
        return await TcpSignalingConnector.ConnectAsync(host, port, left, time, cancel).ConfigureAwait(false);
    }

    /// <summary>The session is over.</summary>
    public void Note(SessionEnd end)
    {
        _lastEnd = end.WasConnected ? null : end.Detail;
        _pause = end.WasConnected || _pause == TimeSpan.Zero ? s_firstPause : TcpSignalingConnector.Longer(_pause);
        if (!end.WasConnected)
            return;
        HasFound = true;
        _since = time.GetTimestamp();
    }
}
