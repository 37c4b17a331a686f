namespace SIPSorcery.Net;

/// <summary>One element of a received header extension block.</summary>
public class RTPHeaderExtensionData(int id, byte[] data, RTPHeaderExtensionType type)
{
    public int Id { get; } = id;
    public byte[] Data { get; } = data;
    public RTPHeaderExtensionType Type { get; } = type;
}
