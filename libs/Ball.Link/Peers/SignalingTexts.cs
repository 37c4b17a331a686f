using System.Text;
using Ball.Link.Signaling;

namespace Ball.Link.Peers;

/// <summary>Texts that travel beside the signalling.</summary>
internal sealed class SignalingTexts(ITextSignaling signaling) : ITextChannel
{
    public bool IsOpen => signaling.IsOpen;

    public void Send(string text) => signaling.Post(Encoding.UTF8.GetBytes(text));
}
