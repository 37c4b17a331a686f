namespace BallServer.Web.Sessions;

/// <summary>Why the server hangs up: a number as WebSockets know them, and a sentence for people.</summary>
internal sealed record LineClose(int Code, string Why)
{
    public static readonly LineClose Done = new(1000, "The session is over.");

    public static readonly LineClose Stopping = new(1001, "The server stops.");

    public static readonly LineClose Rules = new(1008, "That was more, or other, than the server takes.");

    public static readonly LineClose Full = new(1013, "The server has no room for another session now.");

    public static LineClose NoVideo(string why) => new(1013, why);
}
