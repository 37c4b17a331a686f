using Ball.Quic.Tls;

namespace Ball.Quic.Recovery;

/// <summary>Learns what became of sent frames.</summary>
interface IFrameFate
{
    void FrameAcked(EncryptionLevel level, in SentFrame frame);

    /// <summary>
    /// It has to go again, if it still matters. May come more than once, and before an acknowledgement after all.
    /// </summary>
    void FrameLost(EncryptionLevel level, in SentFrame frame);
}
