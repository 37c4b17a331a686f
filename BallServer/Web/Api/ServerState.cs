using Ball.Measuring;
using BallServer.Views;

namespace BallServer.Web.Api;

/// <summary>The server at one moment.</summary>
/// <param name="Run">Names this run of the server, so that a page notices another one.</param>
internal sealed record ServerState(string Run, string Stack, LoopReport Report)
{
    /// <summary>What the one who asks may do; null in the live feed.</summary>
    public AccessState? Access { get; init; }

    public RunSummary? Summary { get; init; }
}
