namespace BallServer.Options;

/// <summary>Where the truth is shown.</summary>
internal enum DisplayKind
{
    None,
    Window,
}
