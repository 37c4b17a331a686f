using System.Runtime.InteropServices;

namespace SIPSorcery.Net;

/// <summary>The part of OpenSSL 3's libcrypto that DTLS needs: memory BIOs, certificates and errors.</summary>
internal static unsafe partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";

    [LibraryImport(Library)]
    public static partial nint BIO_s_mem();

    [LibraryImport(Library)]
    public static partial nint BIO_new(nint type);

    [LibraryImport(Library)]
    public static partial int BIO_read(nint bio, byte* buffer, int length);

    [LibraryImport(Library)]
    public static partial int BIO_write(nint bio, byte* buffer, int length);

    [LibraryImport(Library)]
    public static partial nuint BIO_ctrl_pending(nint bio);

    [LibraryImport(Library)]
    public static partial void X509_free(nint certificate);

    [LibraryImport(Library)]
    public static partial int i2d_X509(nint certificate, byte** output);

    [LibraryImport(Library)]
    public static partial nuint ERR_get_error();

    [LibraryImport(Library)]
    public static partial void ERR_clear_error();

    [LibraryImport(Library)]
    public static partial void ERR_error_string_n(nuint error, byte* buffer, nint length);

    /// <summary>The oldest error of this thread in words, and forgets the others.</summary>
    public static string TakeError()
    {
        var error = ERR_get_error();
        if (error == 0)
        {
            return "unknown OpenSSL error";
        }

        var buffer = stackalloc byte[256];
        ERR_error_string_n(error, buffer, 256);
        ERR_clear_error();
        return Marshal.PtrToStringUTF8((nint)buffer) ?? "unknown OpenSSL error";
    }
}
