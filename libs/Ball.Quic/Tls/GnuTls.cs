using System.Runtime.InteropServices;

namespace Ball.Quic.Tls;

/// <summary>The functions of libgnutls (3.7 or later) that a QUIC handshake needs.</summary>
static unsafe partial class GnuTls
{
    public const string Missing =
        "libgnutls.so.30 is missing or older than 3.7; the built-in QUIC needs it. " +
        "On Debian or Ubuntu: apt-get install libgnutls30 (libgnutls30t64 on newer ones)";

    public const int Server = 1, Client = 1 << 1, NonBlock = 1 << 3, NoTickets = 1 << 10, NoAutoSendTicket = 1 << 21;
    public const int ExtensionTls = 2;
    public const int ExtensionInClientHello = 1 << 1, ExtensionInEncryptedExtensions = 1 << 4, ExtensionForTls = 1 << 7;
    public const int CredentialsCertificate = 1;
    public const int FormatPem = 1;
    public const int AlpnMandatory = 1, AlpnServerPrecedence = 1 << 1;
    public const int ErrorIllegalParameter = -55;

    private const string Library = "libgnutls.so.30";

    /// <summary>Whether the library is there and new enough.</summary>
    public static bool IsSupported { get; } =
        NativeLibrary.TryLoad(Library, typeof(GnuTls).Assembly, null, out nint handle)
        && NativeLibrary.TryGetExport(handle, "gnutls_handshake_set_secret_function", out _);

    [StructLayout(LayoutKind.Sequential)]
    public struct Datum
    {
        public byte* Data;
        public uint Size;
    }

    [LibraryImport(Library, EntryPoint = "gnutls_init")]
    public static partial int Init(out GnuTlsSessionHandle session, uint flags);

    [LibraryImport(Library, EntryPoint = "gnutls_deinit")]
    public static partial void Deinit(nint session);

    [LibraryImport(Library, EntryPoint = "gnutls_session_set_ptr")]
    public static partial void SetPointer(GnuTlsSessionHandle session, nint pointer);

    [LibraryImport(Library, EntryPoint = "gnutls_session_get_ptr")]
    public static partial nint GetPointer(nint session);

    [LibraryImport(Library, EntryPoint = "gnutls_priority_init", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int PriorityInit(out GnuTlsPriorityHandle priority, string text, nint errorPosition);

    [LibraryImport(Library, EntryPoint = "gnutls_priority_deinit")]
    public static partial void PriorityDeinit(nint priority);

    [LibraryImport(Library, EntryPoint = "gnutls_priority_set")]
    public static partial int PrioritySet(GnuTlsSessionHandle session, GnuTlsPriorityHandle priority);

    [LibraryImport(Library, EntryPoint = "gnutls_certificate_allocate_credentials")]
    public static partial int AllocateCredentials(out GnuTlsCredentialsHandle credentials);

    [LibraryImport(Library, EntryPoint = "gnutls_certificate_free_credentials")]
    public static partial void FreeCredentials(nint credentials);

    [LibraryImport(Library, EntryPoint = "gnutls_certificate_set_x509_key_mem")]
    public static partial int SetKey(GnuTlsCredentialsHandle credentials, in Datum certificate, in Datum key, int format);

    [LibraryImport(Library, EntryPoint = "gnutls_credentials_set")]
    public static partial int SetCredentials(GnuTlsSessionHandle session, int kind, GnuTlsCredentialsHandle credentials);

    [LibraryImport(Library, EntryPoint = "gnutls_alpn_set_protocols")]
    public static partial int SetProtocols(GnuTlsSessionHandle session, in Datum protocols, uint count, uint flags);

    [LibraryImport(Library, EntryPoint = "gnutls_alpn_get_selected_protocol")]
    public static partial int GetProtocol(GnuTlsSessionHandle session, out Datum protocol);

    [LibraryImport(Library, EntryPoint = "gnutls_certificate_get_peers")]
    public static partial Datum* GetPeers(GnuTlsSessionHandle session, out uint count);

    [LibraryImport(Library, EntryPoint = "gnutls_handshake")]
    public static partial int Handshake(GnuTlsSessionHandle session);

    [LibraryImport(Library, EntryPoint = "gnutls_handshake_write")]
    public static partial int HandshakeWrite(GnuTlsSessionHandle session, int level, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "gnutls_alert_send_appropriate")]
    public static partial int SendAlert(GnuTlsSessionHandle session, int error);

    [LibraryImport(Library, EntryPoint = "gnutls_error_is_fatal")]
    public static partial int IsFatal(int error);

    [LibraryImport(Library, EntryPoint = "gnutls_error_to_alert")]
    public static partial int ErrorToAlert(int error, out int level);

    [LibraryImport(Library, EntryPoint = "gnutls_strerror")]
    public static partial nint ErrorText(int error);

    [LibraryImport(Library, EntryPoint = "gnutls_cipher_get")]
    public static partial int GetCipher(nint session);

    [LibraryImport(Library, EntryPoint = "gnutls_buffer_append_data")]
    public static partial int AppendData(nint buffer, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "gnutls_handshake_set_secret_function")]
    public static partial void OnSecret(
        GnuTlsSessionHandle session, delegate* unmanaged[Cdecl]<nint, int, byte*, byte*, nuint, int> on);

    [LibraryImport(Library, EntryPoint = "gnutls_handshake_set_read_function")]
    public static partial void OnBytes(
        GnuTlsSessionHandle session, delegate* unmanaged[Cdecl]<nint, int, int, byte*, nuint, int> on);

    [LibraryImport(Library, EntryPoint = "gnutls_alert_set_read_function")]
    public static partial void OnAlert(GnuTlsSessionHandle session, delegate* unmanaged[Cdecl]<nint, int, int, int, int> on);

    [LibraryImport(Library, EntryPoint = "gnutls_session_ext_register", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RegisterExtension(GnuTlsSessionHandle session, string name, int type, int parsePoint,
        delegate* unmanaged[Cdecl]<nint, byte*, nuint, int> receive, delegate* unmanaged[Cdecl]<nint, nint, int> send,
        nint deinit, nint pack, nint unpack, uint flags);

    public static string TextOf(int error) => Marshal.PtrToStringUTF8(ErrorText(error)) ?? $"error {error}";

    public static void Check(int result)
    {
        if (result < 0)
            throw new QuicException($"GnuTLS: {TextOf(result)}");
    }
}
