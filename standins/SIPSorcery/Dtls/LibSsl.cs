using System.Runtime.InteropServices;

namespace SIPSorcery.Net;

/// <summary>The part of OpenSSL 3's libssl that DTLS needs.</summary>
internal static unsafe partial class LibSsl
{
    public const int ErrorWantRead = 2;
    public const int ErrorWantWrite = 3;
    public const int ErrorZeroReturn = 6;

    public const int CtrlSetMtu = 17;
    public const int CtrlGetTimeout = 73;
    public const int CtrlHandleTimeout = 74;
    public const int CtrlMinVersion = 123;
    public const int CtrlMaxVersion = 124;

    public const ulong OptionNoQueryMtu = 1UL << 12;
    public const ulong OptionNoTicket = 1UL << 14;
    public const ulong OptionNoRenegotiation = 1UL << 30;
    public const ulong OptionCipherServerPreference = 1UL << 22;

    public const int VerifyPeerAndFailWithout = 1 | 2;
    public const int Dtls12 = 0xFEFD;

    private const string Library = "libssl.so.3";

    [LibraryImport(Library)]
    public static partial nint DTLS_method();

    [LibraryImport(Library)]
    public static partial SslContextHandle SSL_CTX_new(nint method);

    [LibraryImport(Library)]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial nint SSL_CTX_ctrl(SslContextHandle context, int command, nint value, nint pointer);

    [LibraryImport(Library)]
    public static partial ulong SSL_CTX_set_options(SslContextHandle context, ulong options);

    [LibraryImport(Library)]
    public static partial int SSL_CTX_use_certificate_ASN1(SslContextHandle context, int length, byte* der);

    [LibraryImport(Library)]
    public static partial int SSL_CTX_use_PrivateKey_ASN1(int type, SslContextHandle context, byte* der, nint length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_cipher_list(SslContextHandle context, string ciphers);

    /// <summary>Returns 0 on success, unlike everything around it.</summary>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_tlsext_use_srtp(SslContextHandle context, string profiles);

    [LibraryImport(Library)]
    public static partial void SSL_CTX_set_verify(SslContextHandle context, int mode, nint callback);

    [LibraryImport(Library)]
    public static partial void SSL_CTX_set_cert_verify_callback(
        SslContextHandle context, delegate* unmanaged<nint, nint, int> callback, nint argument);

    [LibraryImport(Library)]
    public static partial SslHandle SSL_new(SslContextHandle context);

    [LibraryImport(Library)]
    public static partial void SSL_free(nint ssl);

    [LibraryImport(Library)]
    public static partial void SSL_set_bio(SslHandle ssl, nint read, nint write);

    [LibraryImport(Library)]
    public static partial void SSL_set_connect_state(SslHandle ssl);

    [LibraryImport(Library)]
    public static partial void SSL_set_accept_state(SslHandle ssl);

    [LibraryImport(Library)]
    public static partial void DTLS_set_timer_cb(SslHandle ssl, delegate* unmanaged<nint, uint, uint> callback);

    [LibraryImport(Library)]
    public static partial nint SSL_ctrl(SslHandle ssl, int command, nint value, nint pointer);

    [LibraryImport(Library)]
    public static partial int SSL_do_handshake(SslHandle ssl);

    [LibraryImport(Library)]
    public static partial int SSL_read(SslHandle ssl, byte* buffer, int length);

    [LibraryImport(Library)]
    public static partial int SSL_write(SslHandle ssl, byte* buffer, int length);

    [LibraryImport(Library)]
    public static partial int SSL_shutdown(SslHandle ssl);

    [LibraryImport(Library)]
    public static partial int SSL_get_error(SslHandle ssl, int result);

    [LibraryImport(Library)]
    public static partial nint SSL_get1_peer_certificate(SslHandle ssl);

    /// <summary>Points to a name (pointer) and a number (long), or is null.</summary>
    [LibraryImport(Library)]
    public static partial nint* SSL_get_selected_srtp_profile(SslHandle ssl);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_export_keying_material(
        SslHandle ssl, byte* output, nint length, string label, nint labelLength, byte* context, nint contextLength, int use);
}
