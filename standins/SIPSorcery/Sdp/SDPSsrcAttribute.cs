namespace SIPSorcery.Net;

/// <summary>An <c>a=ssrc</c> line: a stream that the media will carry.</summary>
public class SDPSsrcAttribute
{
    /// <summary>A stream with its owner's name and the group it is in.</summary>
    public SDPSsrcAttribute(uint ssrc, string? cname, string? groupID)
    {
        SSRC = ssrc;
        Cname = cname;
        GroupID = groupID;
    }

    /// <summary>The stream.</summary>
    public uint SSRC { get; set; }

    /// <summary>The owner's canonical name.</summary>
    public string? Cname { get; set; }

    /// <summary>The semantics of the <c>ssrc-group</c> it is in, for example <c>FID</c>.</summary>
    public string? GroupID { get; set; }
}
