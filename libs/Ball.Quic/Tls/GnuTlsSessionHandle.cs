using Microsoft.Win32.SafeHandles;

namespace Ball.Quic.Tls;

sealed class GnuTlsSessionHandle() : SafeHandleZeroOrMinusOneIsInvalid(true)
{
    protected override bool ReleaseHandle()
    {
        GnuTls.Deinit(handle);
        return true;
    }
}
