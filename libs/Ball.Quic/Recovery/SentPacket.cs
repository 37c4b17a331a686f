namespace Ball.Quic.Recovery;

/// <summary>A packet on its way. Reused.</summary>
sealed class SentPacket
{
    public long Number { get; set; }

    public long SentAt { get; set; }

    public int Size { get; set; }

    public bool AckEliciting { get; set; }

    public bool InFlight { get; set; }

    public List<SentFrame> Frames { get; } = [];

    public void Clear()
    {
        Number = SentAt = 0;
        Size = 0;
        AckEliciting = InFlight = false;
        Frames.Clear();
    }
}
