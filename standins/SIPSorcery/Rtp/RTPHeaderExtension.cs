namespace SIPSorcery.Net;

/// <summary>A header extension that was negotiated as an <c>extmap</c> attribute.</summary>
public abstract class RTPHeaderExtension
{
    protected RTPHeaderExtension(
        int id, string uri, int extensionSize, RTPHeaderExtensionType type, params SDPMediaTypesEnum[]? medias)
    {
        Id = id;
        Uri = uri;
        ExtensionSize = extensionSize;
        Type = type;
        Medias = [.. medias ?? []];
    }

    /// <summary>The id that stands for the extension in packets.</summary>
    public int Id { get; internal set; }
    public string Uri { get; set; }
    public int ExtensionSize { get; }
    /// <summary>The media that the extension is for; all, when empty.</summary>
    public List<SDPMediaTypesEnum> Medias { get; }
    public RTPHeaderExtensionType Type { get; }

    /// <summary>The extension for a URI, or null when it is not known here, or not for this kind of media.</summary>
    public static RTPHeaderExtension? GetRTPHeaderExtension(int id, string uri, SDPMediaTypesEnum media)
    {
        RTPHeaderExtension? extension = uri switch
        {
            AbsSendTimeExtension.RTP_HEADER_EXTENSION_URI => new AbsSendTimeExtension(id),
            TransportWideCCExtension.RTP_HEADER_EXTENSION_URI => new TransportWideCCExtension(id),
            _ => null,
        };
        return extension?.IsMediaSupported(media) == true ? extension : null;
    }

    public virtual bool MatchesExtension(string uri) => Uri.Equals(uri, StringComparison.OrdinalIgnoreCase);

    public bool IsMediaSupported(SDPMediaTypesEnum media) => Medias.Count == 0 || Medias.Contains(media);

    /// <summary>Sets the value for the next packet.</summary>
    public abstract void Set(object value);

    /// <summary>The element as it stands in a packet, its own header byte included.</summary>
    public abstract byte[] Marshal();

    /// <summary>The value in a received element, or null when it cannot be read.</summary>
    public abstract object? Unmarshal(RTPHeader header, byte[] data);
}
