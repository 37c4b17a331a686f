namespace Ball.Link.Peers;

/// <summary>A way for texts to the peer; what is sent while it is not open is lost.</summary>
internal interface ITextChannel
{
    bool IsOpen { get; }

    void Send(string text);
}
