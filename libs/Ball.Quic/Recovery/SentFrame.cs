namespace Ball.Quic.Recovery;

/// <summary>A frame of a sent packet, without its content: that is written anew when it has to go again.</summary>
readonly record struct SentFrame(SentKind Kind, long Id = 0, long Offset = 0, int Length = 0);
