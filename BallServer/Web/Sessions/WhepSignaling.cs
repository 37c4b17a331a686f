using System.Security.Cryptography;
using System.Threading.Channels;
using Ball.Link.Signaling;

namespace BallServer.Web.Sessions;

/// <summary>
/// Signalling in HTTP's pieces: one request brings the offer and takes the answer, others bring candidates and the end.
/// </summary>
internal sealed class WhepSignaling : ISignaling
{
    private const int MaxWaiting = 64;

    private readonly Channel<SignalingMessage> _incoming = Channel.CreateBounded<SignalingMessage>(MaxWaiting);
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WhepSignaling(string offer) => _incoming.Writer.TryWrite(new DescriptionMessage(DescriptionKind.Offer, offer));

    /// <summary>Names the ICE session in HTTP, as candidates must.</summary>
    public string Tag { get; } = $"\"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}\"";

    /// <summary>The answer; fails where the session ends without one.</summary>
    public Task<string> Answer => _answer.Task;

    /// <summary>A candidate, or the end. False where there are too many.</summary>
    public bool Take(SignalingMessage message) => _incoming.Writer.TryWrite(message);

    public Task SendAsync(SignalingMessage message, CancellationToken cancel = default)
    {
        if (message is DescriptionMessage { Kind: DescriptionKind.Answer } answer)
            _answer.TrySetResult(answer.Sdp);
        return Task.CompletedTask;
    }

    public async ValueTask<SignalingMessage?> ReceiveAsync(CancellationToken cancel = default)
    {
        try
        {
            return await _incoming.Reader.ReadAsync(cancel);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync()
    {
        _incoming.Writer.TryComplete();
        _answer.TrySetException(new SignalingException("The offer could not be answered: it needs H.264 video to receive."));
        // Nobody may be waiting for it any more.
        _ = _answer.Task.Exception;
        return ValueTask.CompletedTask;
    }
}
