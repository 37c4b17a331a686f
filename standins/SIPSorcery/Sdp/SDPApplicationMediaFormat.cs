namespace SIPSorcery.Net;

/// <summary>A format of an m-line that is neither audio nor video, for example <c>webrtc-datachannel</c>.</summary>
public struct SDPApplicationMediaFormat
{
    /// <summary>The format's name on the m-line.</summary>
    public string ID;

    /// <summary>The value of its <c>rtpmap</c>, if any.</summary>
    public string? Rtpmap;

    /// <summary>The value of its <c>fmtp</c>, if any.</summary>
    public string? Fmtp;

    /// <summary>A format without attributes.</summary>
    public SDPApplicationMediaFormat(string id)
    {
        ID = id;
    }

    /// <summary>A format with its attributes.</summary>
    public SDPApplicationMediaFormat(string id, string? rtpmap, string? fmtp)
    {
        ID = id;
        Rtpmap = rtpmap;
        Fmtp = fmtp;
    }
}
