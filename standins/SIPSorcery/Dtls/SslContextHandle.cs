using Microsoft.Win32.SafeHandles;

namespace SIPSorcery.Net;

/// <summary>The settings that DTLS connections of OpenSSL share.</summary>
internal sealed class SslContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(true)
{
    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }
}
