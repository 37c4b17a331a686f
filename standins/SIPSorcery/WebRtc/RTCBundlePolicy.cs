namespace SIPSorcery.Net;

/// <summary>How media is put on transports. This engine always bundles everything on one.</summary>
public enum RTCBundlePolicy
{
    balanced,
    max_compat,
    max_bundle,
}
