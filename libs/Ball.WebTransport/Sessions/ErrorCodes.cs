namespace Ball.WebTransport.Sessions;

/// <summary>WebTransport's 32-bit stream codes travel in a range of HTTP/3's, with holes for its greased ones.</summary>
static class ErrorCodes
{
    private const long First = 0x52e4a40fa8db;
    private const long Last = First + uint.MaxValue + uint.MaxValue / 0x1e;

    public static long ToHttp3(uint code) => First + code + code / 0x1e;

    /// <summary>Null for a code that is none of WebTransport's.</summary>
    public static uint? FromHttp3(long code)
    {
        if (code < First || code > Last || (code - 0x21) % 0x1f == 0)
            return null;
        long shifted = code - First;
        return (uint)(shifted - shifted / 0x1f);
    }
}
