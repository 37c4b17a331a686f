using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>The sequence number of a packet across all streams of a transport, which the receiver reports back.</summary>
public class TransportWideCCExtension : RTPHeaderExtension
{
    public const string RTP_HEADER_EXTENSION_URI =
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    internal const int RTP_HEADER_EXTENSION_SIZE = 2;

    public TransportWideCCExtension(int id) : this(id, RTP_HEADER_EXTENSION_URI)
    {
    }

    public TransportWideCCExtension(int id, string uri)
        : base(id, uri, RTP_HEADER_EXTENSION_SIZE, RTPHeaderExtensionType.OneByte)
    {
    }

    public ushort SequenceNumber { get; private set; }

    public override bool MatchesExtension(string uri) =>
        string.Equals(uri, RTP_HEADER_EXTENSION_URI, StringComparison.OrdinalIgnoreCase)
        || string.Equals(uri, "urn:ietf:params:rtp-hdrext:transport-wide-cc", StringComparison.OrdinalIgnoreCase)
        || string.Equals(uri, "http://www.webrtc.org/experiments/rtp-hdrext/transport-wide-cc-02",
            StringComparison.OrdinalIgnoreCase);

    public override void Set(object value) =>
        SequenceNumber = value as ushort? ?? throw new ArgumentException("The value must be a ushort.", nameof(value));

    public override byte[] Marshal() =>
        [(byte)(Id << 4 | RTP_HEADER_EXTENSION_SIZE - 1), (byte)(SequenceNumber >> 8), (byte)SequenceNumber];

    public override object? Unmarshal(RTPHeader header, byte[] data) =>
        data.Length == RTP_HEADER_EXTENSION_SIZE ? BinaryPrimitives.ReadUInt16BigEndian(data) : null;
}
