namespace Ball.Link.RawFrames;

/// <summary>A data channel, as far as frames and messages need one.</summary>
public interface IMessageChannel
{
    /// <summary>Whether messages can be sent.</summary>
    bool IsOpen { get; }

    /// <summary>How many bytes wait to be sent.</summary>
    long BufferedAmount { get; }

    /// <summary>Sends a text; lost without a word when the channel is not open.</summary>
    void Send(string text);

    /// <summary>Sends bytes, which are the caller's again at once.</summary>
    void Send(ArraySegment<byte> bytes);
}
