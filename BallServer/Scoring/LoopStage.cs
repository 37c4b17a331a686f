namespace BallServer.Scoring;

/// <summary>The parts of the loop, in order.</summary>
internal enum LoopStage
{
    Paint,
    Encode,
    Send,
    Network,
    Decode,
    Handoff,
    Detect,
    Report,
    Return,
}
