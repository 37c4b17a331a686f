namespace BallClient.Options;

/// <summary>Where the picture is shown.</summary>
internal enum DisplayKind
{
    None,
    Window,
}
