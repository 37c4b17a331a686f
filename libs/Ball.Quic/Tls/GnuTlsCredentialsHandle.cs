using Microsoft.Win32.SafeHandles;

namespace Ball.Quic.Tls;

sealed class GnuTlsCredentialsHandle() : SafeHandleZeroOrMinusOneIsInvalid(true)
{
    protected override bool ReleaseHandle()
    {
        GnuTls.FreeCredentials(handle);
        return true;
    }
}
