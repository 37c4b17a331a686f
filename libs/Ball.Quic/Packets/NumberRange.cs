namespace Ball.Quic.Packets;

/// <summary>Numbers from start up to, but not with, end.</summary>
readonly record struct NumberRange(long Start, long End);
