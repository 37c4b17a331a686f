using System.Runtime.InteropServices;

namespace SIPSorcery.Net;

/// <summary>
/// DTLS 1.2 over OpenSSL with memory on both sides: datagrams in, datagrams out, no socket. The peer's certificate is
/// checked against the fingerprint before the session counts as connected.
/// </summary>
/// <remarks>
/// OpenSSL's retransmission timer reads the machine's clock, so that is the only part which does not run on the time passed
/// in; how long it waits is ours (100 ms, then doubled up to 3 s).
/// </remarks>
internal sealed unsafe class DtlsSession : IDisposable
{
    /// <summary>Largest datagram made; below every path's limit together with IPv6 and UDP headers.</summary>
    public const int Mtu = 1200;

    /// <summary>The type of records that carry data.</summary>
    public const byte ApplicationData = 23;

    private const int RecordHeader = 13;
    private const string SrtpProfiles = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";
    private const string Ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:" +
        "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:" +
        "ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA";

    private readonly RTCDtlsFingerprint _expected;
    private readonly SslContextHandle _context;
    private readonly SslHandle _ssl;
    private readonly nint _incoming;
    private readonly nint _outgoing;
    private readonly byte[] _record = new byte[RecordHeader + (1 << 14) + 2048];
    private int _recordLength;
    private bool _disposed;

    public DtlsSession(DtlsCertificate certificate, bool isClient, RTCDtlsFingerprint expected)
    {
        _expected = expected;
        IsClient = isClient;
        _context = CreateContext(certificate);
        _ssl = LibSsl.SSL_new(_context);
        _incoming = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        _outgoing = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        LibSsl.SSL_set_bio(_ssl, _incoming, _outgoing);
        LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlSetMtu, Mtu, 0);
        LibSsl.DTLS_set_timer_cb(_ssl, &NextDelay);
        if (isClient)
        {
            LibSsl.SSL_set_connect_state(_ssl);
        }
        else
        {
            LibSsl.SSL_set_accept_state(_ssl);
        }
    }

    public bool IsClient { get; }

    public DtlsState State { get; private set; } = DtlsState.New;

    /// <summary>Why the session failed.</summary>
    public string? Failure { get; private set; }

    /// <summary>OpenSSL's number of the SRTP profile agreed on; 0 when none was.</summary>
    public int SrtpProfile { get; private set; }

    /// <summary>Datagrams that are no DTLS, and never reached OpenSSL.</summary>
    public long Refused { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> is due.</summary>
    public long NextTimeout { get; private set; } = long.MaxValue;

    public void Start(long now)
    {
        if (State == DtlsState.New)
        {
            State = DtlsState.Handshaking;
            Handshake(now);
        }
    }

    /// <summary>Takes a datagram of the peer. Application data in it is then got with <see cref="Read"/>.</summary>
    public void HandlePacket(ReadOnlySpan<byte> packet, long now)
    {
        if (State is DtlsState.Closed or DtlsState.Failed)
        {
            return;
        }

        if (!HasWholeRecords(packet))
        {
            Refused++;
            return;
        }

        fixed (byte* bytes = packet)
        {
            LibCrypto.BIO_write(_incoming, bytes, packet.Length);
        }

        if (State is DtlsState.New or DtlsState.Handshaking)
        {
            State = DtlsState.Handshaking;
            Handshake(now);
        }
    }

    /// <summary>The next piece of application data; 0 when there is none.</summary>
    public int Read(Span<byte> buffer)
    {
        if (State != DtlsState.Connected)
        {
            return 0;
        }

        fixed (byte* bytes = buffer)
        {
            LibCrypto.ERR_clear_error();
            var length = LibSsl.SSL_read(_ssl, bytes, buffer.Length);
            if (length > 0)
            {
                return length;
            }

            switch (LibSsl.SSL_get_error(_ssl, length))
            {
                case LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite:
                    break;
                case LibSsl.ErrorZeroReturn:
                    LibSsl.SSL_shutdown(_ssl);
                    State = DtlsState.Closed;
                    break;
                default:
                    Fail(LibCrypto.TakeError());
                    break;
            }

            return 0;
        }
    }

    /// <summary>Encrypts a piece of application data; false when the session cannot carry it.</summary>
    public bool Write(ReadOnlySpan<byte> data)
    {
        if (State != DtlsState.Connected)
        {
            return false;
        }

        fixed (byte* bytes = data)
        {
            LibCrypto.ERR_clear_error();
            return LibSsl.SSL_write(_ssl, bytes, data.Length) == data.Length;
        }
    }

    /// <summary>
    /// The next datagram to send; 0 when there is none. OpenSSL's memory knows no datagrams, so records are put together
    /// again here, as many as fit.
    /// </summary>
    public int PollPacket(Span<byte> buffer)
    {
        var length = 0;
        while (_recordLength > 0 || ReadRecord())
        {
            if (length > 0 && length + _recordLength > Math.Min(buffer.Length, Mtu))
            {
                break;
            }

            if (_recordLength > buffer.Length)
            {
                _recordLength = 0;
                continue;
            }

            var single = _record[0] == ApplicationData;
            _record.AsSpan(0, _recordLength).CopyTo(buffer[length..]);
            length += _recordLength;
            _recordLength = 0;
            if (single)
            {
                break;
            }
        }

        return length;
    }

    public void HandleTimeout(long now)
    {
        if (now < NextTimeout || State != DtlsState.Handshaking)
        {
            return;
        }

        LibCrypto.ERR_clear_error();
        if (LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlHandleTimeout, 0, 0) < 0)
        {
            Fail("the peer does not answer: " + LibCrypto.TakeError());
            return;
        }

        AskTimeout(now);
    }

    /// <summary>Tells the peer that nothing more comes.</summary>
    public void Close()
    {
        if (State is DtlsState.Connected or DtlsState.Handshaking)
        {
            if (State == DtlsState.Connected)
            {
                LibCrypto.ERR_clear_error();
                LibSsl.SSL_shutdown(_ssl);
            }

            State = DtlsState.Closed;
            NextTimeout = long.MaxValue;
        }
    }

    /// <summary>Key material for SRTP (RFC 5764, section 4.2).</summary>
    public void ExportSrtpKeys(Span<byte> keys)
    {
        const string Label = "EXTRACTOR-dtls_srtp";
        fixed (byte* bytes = keys)
        {
            if (LibSsl.SSL_export_keying_material(_ssl, bytes, keys.Length, Label, Label.Length, null, 0, 0) != 1)
            {
                throw new InvalidOperationException("OpenSSL gave no SRTP keys: " + LibCrypto.TakeError());
            }
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ssl.Dispose();
            _context.Dispose();
        }
    }

    private static SslContextHandle CreateContext(DtlsCertificate certificate)
    {
        SslContextHandle context;
        try
        {
            context = LibSsl.SSL_CTX_new(LibSsl.DTLS_method());
        }
        catch (DllNotFoundException error)
        {
            throw new InvalidOperationException(
                "WebRTC needs OpenSSL 3 (libssl.so.3 and libcrypto.so.3), which this machine does not have. " +
                "On Debian: apt-get install libssl3", error);
        }

        LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlMinVersion, LibSsl.Dtls12, 0);
        LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlMaxVersion, LibSsl.Dtls12, 0);
        LibSsl.SSL_CTX_set_options(
            context,
            LibSsl.OptionNoQueryMtu | LibSsl.OptionNoTicket | LibSsl.OptionNoRenegotiation |
            LibSsl.OptionCipherServerPreference);
        fixed (byte* der = certificate.Certificate, key = certificate.Key)
        {
            if (LibSsl.SSL_CTX_use_certificate_ASN1(context, certificate.Certificate.Length, der) != 1 ||
                LibSsl.SSL_CTX_use_PrivateKey_ASN1(certificate.KeyType, context, key, certificate.Key.Length) != 1 ||
                LibSsl.SSL_CTX_set_cipher_list(context, Ciphers) != 1 ||
                LibSsl.SSL_CTX_set_tlsext_use_srtp(context, SrtpProfiles) != 0)
            {
                context.Dispose();
                throw new InvalidOperationException("OpenSSL refused the DTLS settings: " + LibCrypto.TakeError());
            }
        }

        LibSsl.SSL_CTX_set_verify(context, LibSsl.VerifyPeerAndFailWithout, 0);
        LibSsl.SSL_CTX_set_cert_verify_callback(context, &TakeAnyChain, 0);
        return context;
    }

    /// <summary>Certificates in WebRTC are self-signed: the fingerprint decides, when the handshake is done.</summary>
    [UnmanagedCallersOnly]
    private static int TakeAnyChain(nint store, nint argument) => 1;

    [UnmanagedCallersOnly]
    private static uint NextDelay(nint ssl, uint microseconds) =>
        microseconds == 0 ? 100_000 : Math.Min(microseconds * 2, 3_000_000);

    private void Handshake(long now)
    {
        LibCrypto.ERR_clear_error();
        var result = LibSsl.SSL_do_handshake(_ssl);
        if (result == 1)
        {
            Complete();
            return;
        }

        if (LibSsl.SSL_get_error(_ssl, result) is LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite)
        {
            AskTimeout(now);
            return;
        }

        Fail(LibCrypto.TakeError());
    }

    private void Complete()
    {
        NextTimeout = long.MaxValue;
        if (!PeerHasExpectedCertificate())
        {
            LibSsl.SSL_shutdown(_ssl);
            Fail("the peer's certificate does not have the fingerprint of its session description");
            return;
        }

        var profile = LibSsl.SSL_get_selected_srtp_profile(_ssl);
        SrtpProfile = profile is null ? 0 : (int)profile[1];
        State = DtlsState.Connected;
    }

    private bool PeerHasExpectedCertificate()
    {
        var certificate = LibSsl.SSL_get1_peer_certificate(_ssl);
        if (certificate == 0)
        {
            return false;
        }

        try
        {
            var length = LibCrypto.i2d_X509(certificate, null);
            if (length <= 0)
            {
                return false;
            }

            var der = new byte[length];
            fixed (byte* start = der)
            {
                var end = start;
                LibCrypto.i2d_X509(certificate, &end);
            }

            return DtlsFingerprint.Matches(_expected, der);
        }
        finally
        {
            LibCrypto.X509_free(certificate);
        }
    }

    private void AskTimeout(long now)
    {
        var time = stackalloc long[2];
        NextTimeout = LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlGetTimeout, 0, (nint)time) == 1
            ? now + (time[0] * 1_000_000) + time[1]
            : long.MaxValue;
    }

    private void Fail(string reason)
    {
        State = DtlsState.Failed;
        Failure = reason;
        NextTimeout = long.MaxValue;
    }

    private static bool HasWholeRecords(ReadOnlySpan<byte> packet)
    {
        do
        {
            // Of DTLS 1.0 to 1.2, whose numbers start with the complement of 1.
            if (packet.Length <= RecordHeader || packet[0] is < 20 or > 23 || packet[1] != 0xFE)
            {
                return false;
            }

            var length = RecordHeader + ((packet[11] << 8) | packet[12]);
            if (length == RecordHeader || length > packet.Length)
            {
                return false;
            }

            packet = packet[length..];
        }
        while (packet.Length > 0);
        return true;
    }

    private bool ReadRecord()
    {
        fixed (byte* record = _record)
        {
            if (LibCrypto.BIO_ctrl_pending(_outgoing) < RecordHeader ||
                LibCrypto.BIO_read(_outgoing, record, RecordHeader) != RecordHeader)
            {
                return false;
            }

            var length = (record[11] << 8) | record[12];
            if (RecordHeader + length > _record.Length ||
                LibCrypto.BIO_read(_outgoing, record + RecordHeader, length) != length)
            {
                return false;
            }

            _recordLength = RecordHeader + length;
            return true;
        }
    }
}
