namespace SIPSorcery.Net;

/// <summary>A STUN server (or TURN server, which this engine ignores) that helps to find candidates.</summary>
public class RTCIceServer
{
    /// <summary>For example <c>stun:stun.example.org:3478</c>.</summary>
    public string urls = null!;

    /// <summary>Name to sign in with.</summary>
    public string? username;

    /// <summary>How to sign in.</summary>
    public RTCIceCredentialType credentialType;

    /// <summary>Secret to sign in with.</summary>
    public string? credential;

    /// <summary>Reads <c>url;username;credential</c>; the last two may be missing.</summary>
    public static RTCIceServer Parse(string iceServer)
    {
        var parts = iceServer.Split(';');
        return new RTCIceServer
        {
            urls = parts[0],
            username = parts.ElementAtOrDefault(1),
            credential = parts.ElementAtOrDefault(2),
        };
    }
}
