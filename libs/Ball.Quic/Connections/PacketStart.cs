namespace Ball.Quic.Connections;

/// <summary>A header that was written and waits for its payload.</summary>
/// <param name="LengthOffset">Where the length goes, or -1 where there is none.</param>
/// <param name="NumberOffset">Where the packet number is.</param>
/// <param name="NumberLength">How many bytes it has.</param>
readonly record struct PacketStart(int LengthOffset, int NumberOffset, int NumberLength)
{
    public int PayloadOffset => NumberOffset + NumberLength;
}
