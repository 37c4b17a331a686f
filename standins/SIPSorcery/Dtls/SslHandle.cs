using Microsoft.Win32.SafeHandles;

namespace SIPSorcery.Net;

/// <summary>A DTLS connection of OpenSSL.</summary>
internal sealed class SslHandle() : SafeHandleZeroOrMinusOneIsInvalid(true)
{
    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_free(handle);
        return true;
    }
}
