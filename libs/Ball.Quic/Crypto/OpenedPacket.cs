namespace Ball.Quic.Crypto;

/// <summary>A packet without its protection.</summary>
/// <param name="Number">Its full packet number.</param>
/// <param name="PayloadOffset">Where its frames begin.</param>
/// <param name="PayloadLength">How many bytes of frames there are.</param>
/// <param name="ReservedBitsSet">Whether bits are set that must not be.</param>
/// <param name="KeyUpdated">Whether this was the first packet with a new key.</param>
readonly record struct OpenedPacket(long Number, int PayloadOffset, int PayloadLength, bool ReservedBitsSet, bool KeyUpdated);
