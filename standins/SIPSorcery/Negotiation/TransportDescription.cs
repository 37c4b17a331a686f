namespace SIPSorcery.Net;

/// <summary>What a description says about the one transport that everything is bundled on.</summary>
internal sealed record TransportDescription(
    string Ufrag,
    string Password,
    RTCDtlsFingerprint Fingerprint,
    IceRolesEnum Setup,
    bool IsLite,
    List<RTCIceCandidate> Candidates)
{
    /// <summary>Reads it from the first m-line in use, or from the session where that says nothing.</summary>
    public static SetDescriptionResultEnum Read(SDP sdp, bool isOffer, out TransportDescription? transport)
    {
        transport = null;
        var media = sdp.Media.Find(line => line.Port != 0) ?? sdp.Media[0];
        var text = media.DtlsFingerprint ?? sdp.DtlsFingerprint;
        if (string.IsNullOrWhiteSpace(text))
        {
            return SetDescriptionResultEnum.DtlsFingerprintMissing;
        }

        if (!RTCDtlsFingerprint.TryParse(text, out var fingerprint))
        {
            return text.Trim().Contains(' ', StringComparison.Ordinal)
                ? SetDescriptionResultEnum.DtlsFingerprintDigestNotSupported
                : SetDescriptionResultEnum.DtlsFingerprintInvalid;
        }

        if (!DtlsFingerprint.IsWellFormed(fingerprint))
        {
            return SetDescriptionResultEnum.DtlsFingerprintInvalid;
        }

        var (ufrag, password) = (media.IceUfrag ?? sdp.IceUfrag, media.IcePwd ?? sdp.IcePwd);
        if (ufrag is not { Length: >= 4 and <= 256 } || password is not { Length: >= 22 and <= 256 })
        {
            return SetDescriptionResultEnum.Error;
        }

        var lines = new List<string>(sdp.IceCandidates ?? []);
        lines.AddRange(media.IceCandidates ?? []);
        transport = new TransportDescription(
            ufrag,
            password,
            fingerprint,
            media.IceRole ?? sdp.IceRole ?? (isOffer ? IceRolesEnum.actpass : IceRolesEnum.active),
            sdp.IceImplementation == IceImplementationEnum.lite,
            lines.ConvertAll(RTCIceCandidate.TryParse).OfType<RTCIceCandidate>().ToList());
        return SetDescriptionResultEnum.OK;
    }
}
