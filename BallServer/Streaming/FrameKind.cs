namespace BallServer.Streaming;

/// <summary>How a watcher gets its frames.</summary>
internal enum FrameKind
{
    Video,
    Raw,
}
