using Microsoft.Win32.SafeHandles;

namespace Ball.Quic.Tls;

sealed class GnuTlsPriorityHandle() : SafeHandleZeroOrMinusOneIsInvalid(true)
{
    protected override bool ReleaseHandle()
    {
        GnuTls.PriorityDeinit(handle);
        return true;
    }
}
