using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SIPSorcery.Net;

/// <summary>A session description as it travels: type and text.</summary>
public class RTCSessionDescriptionInit
{
    /// <summary>What it is in the exchange.</summary>
    public RTCSdpType type { get; set; }

    /// <summary>The SDP text.</summary>
    public string sdp { get; set; } = null!;

    /// <summary>JSON as browsers write it.</summary>
    public string toJSON() =>
        $"{{\"type\":\"{type}\",\"sdp\":{JsonSerializer.Serialize(sdp, JsonText.Default.String)}}}";

    /// <summary>Reads what a browser wrote; false for anything that is not a description with text.</summary>
    public static bool TryParse(string? json, [NotNullWhen(true)] out RTCSessionDescriptionInit? init)
    {
        init = null;
        if (!JsonText.TryReadObject(json, out var values) ||
            !Enum.TryParse<RTCSdpType>(values.GetValueOrDefault("type"), true, out var type) ||
            values.GetValueOrDefault("sdp") is not { } sdp)
        {
            return false;
        }

        init = new RTCSessionDescriptionInit { type = type, sdp = sdp };
        return true;
    }
}
