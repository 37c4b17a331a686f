using System.Net;

namespace SIPSorcery.Net;

/// <summary>An m-line at work: what is sent and what comes.</summary>
public class MediaStream
{
    /// <summary>The number of the stream among those of its kind.</summary>
    public int Index;

    internal MediaStream(RTPSession session, SDPMediaTypesEnum mediaType, int index)
    {
        Session = session;
        MediaType = mediaType;
        Index = index;
    }

    /// <summary>What is sent.</summary>
    public MediaStreamTrack? LocalTrack { get; set; }

    /// <summary>What the peer sends.</summary>
    public MediaStreamTrack? RemoteTrack { get; set; }

    /// <summary>Audio or video.</summary>
    public SDPMediaTypesEnum MediaType { get; set; }

    /// <summary>Where packets go, once connected.</summary>
    public IPEndPoint? DestinationEndPoint { get; set; }

    /// <summary>True after the connection has closed.</summary>
    public bool IsClosed { get; set; }

    internal RTPSession Session { get; }

    /// <summary>The format that is sent: the first one that both sides have.</summary>
    public SDPAudioVideoMediaFormat GetSendingFormat()
    {
        foreach (var local in LocalTrack?.Capabilities ?? [])
        {
            if (RemoteTrack is null ||
                RemoteTrack.Capabilities.Exists(remote => SDPAudioVideoMediaFormat.AreMatch(local, remote)))
            {
                return local;
            }
        }

        return SDPAudioVideoMediaFormat.Empty;
    }
}
