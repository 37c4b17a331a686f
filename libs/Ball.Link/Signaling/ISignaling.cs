namespace Ball.Link.Signaling;

/// <summary>One signalling session with one peer, however its messages travel.</summary>
/// <remarks>One sender and one receiver at a time. Disposing says goodbye, if it can be said at once, and hangs up.</remarks>
public interface ISignaling : IAsyncDisposable
{
    /// <exception cref="SignalingException">The peer cannot be reached any more, or the message is too long.</exception>
    Task SendAsync(SignalingMessage message, CancellationToken cancel = default);

    /// <summary>The next message; null for ever when the peer hung up.</summary>
    /// <exception cref="SignalingException">The peer does not speak this language.</exception>
    ValueTask<SignalingMessage?> ReceiveAsync(CancellationToken cancel = default);
}
