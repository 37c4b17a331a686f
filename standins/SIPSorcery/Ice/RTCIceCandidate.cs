using System.Globalization;
using System.Net;

namespace SIPSorcery.Net;

/// <summary>An address at which a peer may be reached.</summary>
public class RTCIceCandidate
{
    /// <summary>Reads a candidate that came by signalling; throws <see cref="FormatException"/> when it is none.</summary>
    public RTCIceCandidate(RTCIceCandidateInit init)
    {
        ArgumentNullException.ThrowIfNull(init);
        sdpMid = init.sdpMid;
        sdpMLineIndex = init.sdpMLineIndex;
        usernameFragment = init.usernameFragment;
        if (!string.IsNullOrWhiteSpace(init.candidate) && !TryRead(init.candidate))
        {
            throw new FormatException($"Not an ICE candidate: {init.candidate}");
        }
    }

    /// <summary>A candidate of the application's own, for example a mapped public address.</summary>
    public RTCIceCandidate(RTCIceProtocol protocol, IPAddress address, ushort port, RTCIceCandidateType type)
    {
        this.protocol = protocol;
        this.address = address.ToString();
        this.port = port;
        this.type = type;
        foundation = IcePriority.Foundation(type, address);
        priority = IcePriority.OfCandidate(type, address);
        DestinationEndPoint = new IPEndPoint(address, port);
    }

    private RTCIceCandidate()
    {
    }

    /// <summary>The candidate as SDP writes it, without the attribute's name.</summary>
    public string candidate => ToString();

    /// <summary>The <c>mid</c> of the media it belongs to.</summary>
    public string? sdpMid { get; set; }

    /// <summary>The number of the m-line it belongs to.</summary>
    public ushort sdpMLineIndex { get; set; }

    /// <summary>The same for candidates of one kind and base.</summary>
    public string foundation { get; set; } = "1";

    /// <summary>Always RTP here.</summary>
    public RTCIceComponent component { get; set; } = RTCIceComponent.rtp;

    /// <summary>Higher is preferred.</summary>
    public uint priority { get; set; }

    /// <summary>An IP address, or a name ending in <c>.local</c>.</summary>
    public string? address { get; set; }

    /// <summary>UDP; TCP candidates are read but not used.</summary>
    public RTCIceProtocol protocol { get; set; }

    /// <summary>The port.</summary>
    public ushort port { get; set; }

    /// <summary>Where the address comes from.</summary>
    public RTCIceCandidateType type { get; set; }

    /// <summary>How a TCP candidate connects.</summary>
    public RTCIceTcpCandidateType tcpType { get; set; }

    /// <summary>The address that a reflexive candidate is the outside of.</summary>
    public string? relatedAddress { get; set; }

    /// <summary>The port that a reflexive candidate is the outside of.</summary>
    public ushort relatedPort { get; set; }

    /// <summary>The user fragment it belongs to.</summary>
    public string? usernameFragment { get; set; }

    /// <summary>Address and port when the address is an IP address.</summary>
    public IPEndPoint? DestinationEndPoint { get; private set; }

    /// <summary>Reads a candidate line, with or without its <c>candidate:</c>.</summary>
    public static RTCIceCandidate Parse(string candidateLine)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(candidateLine);
        return TryParse(candidateLine) ?? throw new FormatException($"Not an ICE candidate: {candidateLine}");
    }

    /// <summary>JSON as browsers write it.</summary>
    public string toJSON() => JsonText.Candidate("candidate:" + ToString(), sdpMid, sdpMLineIndex, usernameFragment);

    /// <summary>For logs.</summary>
    public string ToShortString() => $"{protocol}:{DestinationEndPoint?.ToString() ?? $"{address}:{port}"} ({type})";

    /// <inheritdoc/>
    public override string ToString()
    {
        if (address is null)
        {
            return string.Empty;
        }

        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{foundation} {(int)component} {protocol} {priority} {address} {port} typ {type}");
        if (protocol == RTCIceProtocol.tcp)
        {
            line += $" tcptype {tcpType}";
        }

        if (type != RTCIceCandidateType.host && relatedAddress is not null)
        {
            line += string.Create(CultureInfo.InvariantCulture, $" raddr {relatedAddress} rport {relatedPort}");
        }

        return line + " generation 0";
    }

    /// <summary>Reads a candidate line; null when it is none.</summary>
    internal static RTCIceCandidate? TryParse(string line)
    {
        var candidate = new RTCIceCandidate();
        return candidate.TryRead(line) ? candidate : null;
    }

    private bool TryRead(string line)
    {
        const string Prefix = "candidate:";
        var text = line.Trim();
        if (text.StartsWith("a=", StringComparison.Ordinal))
        {
            text = text[2..];
        }

        if (text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            text = text[Prefix.Length..];
        }

        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 8 || words[6] != "typ" || words[4].Length > 255 ||
            !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var part) || part is < 1 or > 256 ||
            !Enum.TryParse<RTCIceProtocol>(words[2], true, out var transport) || !Enum.IsDefined(transport) ||
            !uint.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var rank) ||
            !ushort.TryParse(words[5], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ||
            !Enum.TryParse<RTCIceCandidateType>(words[7], true, out var kind) || !Enum.IsDefined(kind))
        {
            return false;
        }

        foundation = words[0];
        component = (RTCIceComponent)part;
        protocol = transport;
        priority = rank;
        address = words[4];
        port = number;
        type = kind;
        for (var at = 8; at + 1 < words.Length; at += 2)
        {
            switch (words[at].ToLowerInvariant())
            {
                case "raddr":
                    relatedAddress = words[at + 1];
                    break;
                case "rport" when ushort.TryParse(words[at + 1], out var related):
                    relatedPort = related;
                    break;
                case "tcptype" when Enum.TryParse<RTCIceTcpCandidateType>(words[at + 1], true, out var tcp):
                    tcpType = tcp;
                    break;
                case "ufrag":
                    usernameFragment = words[at + 1];
                    break;
            }
        }

        if (IPAddress.TryParse(address, out var ip))
        {
            DestinationEndPoint = new IPEndPoint(ip, port);
        }

        return true;
    }
}
