namespace SIPSorcery.Net;

/// <summary>What became of a remote description.</summary>
public enum SetDescriptionResultEnum
{
    OK,
    AudioIncompatible,
    VideoIncompatible,
    TextIncompatible,
    NoLocalMedia,
    NoRemoteMedia,
    NoMatchingMediaType,
    Error,
    DtlsFingerprintMissing,
    DtlsFingerprintInvalid,
    DtlsFingerprintDigestNotSupported,
    DataChannelTransportNotSupported,
    WrongSdpTypeOfferAfterOffer,
    CryptoNegotiationFailed,
}
