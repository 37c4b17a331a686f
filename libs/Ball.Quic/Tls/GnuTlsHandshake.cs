using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Ball.Quic.Crypto;
using Ball.Quic.Packets;

namespace Ball.Quic.Tls;

/// <summary>
/// A handshake by GnuTLS, which hands out bytes and secrets by callbacks. The callbacks run inside our calls; what they
/// throw is kept and thrown after the native frames are gone.
/// </summary>
sealed unsafe class GnuTlsHandshake : ITlsHandshake
{
    private const int TransportParameters = 0x39;
    private const int NoApplicationProtocol = 120;
    private const int BadCertificate = 42;

    private readonly GnuTlsSessionHandle _session;

    // The library does not count references from sessions to these, so a session keeps them alive.
    private readonly GnuTlsPriorityHandle _priority;
    private readonly GnuTlsCredentialsHandle _credentials;
    private readonly byte[]? _pinnedHash;
    private readonly bool _isServer;
    private ITlsEvents? _events;
    private byte[] _parameters = [];
    private GCHandle _self;
    private ExceptionDispatchInfo? _thrown;
    private int? _alert;

    public GnuTlsHandshake(
        bool isServer, GnuTlsPriorityHandle priority, GnuTlsCredentialsHandle credentials, byte[] protocol, byte[]? pinnedHash)
    {
        _isServer = isServer;
        _pinnedHash = pinnedHash;
        _priority = priority;
        _credentials = credentials;
        bool referenced = false;
        priority.DangerousAddRef(ref referenced);
        credentials.DangerousAddRef(ref referenced);
        int role = isServer ? GnuTls.Server : GnuTls.Client;
        GnuTls.Check(GnuTls.Init(out _session,
            (uint)(role | GnuTls.NonBlock | GnuTls.NoTickets | GnuTls.NoAutoSendTicket)));
        GnuTls.Check(GnuTls.PrioritySet(_session, priority));
        GnuTls.Check(GnuTls.SetCredentials(_session, GnuTls.CredentialsCertificate, credentials));
        fixed (byte* name = protocol)
        {
            GnuTls.Check(GnuTls.SetProtocols(_session, new GnuTls.Datum { Data = name, Size = (uint)protocol.Length }, 1,
                GnuTls.AlpnMandatory | GnuTls.AlpnServerPrecedence));
        }

        GnuTls.OnSecret(_session, &OnSecret);
        GnuTls.OnBytes(_session, &OnBytes);
        GnuTls.OnAlert(_session, &OnAlert);
        GnuTls.Check(GnuTls.RegisterExtension(_session, "QUIC transport parameters", TransportParameters, GnuTls.ExtensionTls,
            &OnParametersReceived, &OnParametersWanted, 0, 0, 0,
            GnuTls.ExtensionForTls | GnuTls.ExtensionInClientHello | GnuTls.ExtensionInEncryptedExtensions));
        _self = GCHandle.Alloc(this);
        GnuTls.SetPointer(_session, GCHandle.ToIntPtr(_self));
    }

    public bool IsComplete { get; private set; }

    public string? Protocol { get; private set; }

    public void Start(ITlsEvents events, byte[] parameters)
    {
        _events = events;
        _parameters = parameters;
        if (!_isServer)
            Continue();
    }

    public void Receive(EncryptionLevel level, ReadOnlySpan<byte> bytes)
    {
        int result;
        fixed (byte* data = bytes)
            result = GnuTls.HandshakeWrite(_session, ToNative(level), data, (nuint)bytes.Length);
        Rethrow();
        if (result < 0 && GnuTls.IsFatal(result) != 0)
            throw Failure(result);
        if (!IsComplete)
            Continue();
    }

    public void Dispose()
    {
        if (_session.IsClosed)
            return;
        _session.Dispose();
        _self.Free();
        _credentials.DangerousRelease();
        _priority.DangerousRelease();
    }

    private void Continue()
    {
        int result = GnuTls.Handshake(_session);
        Rethrow();
        if (result == 0)
            Complete();
        else if (GnuTls.IsFatal(result) != 0)
            throw Failure(result);
    }

    private void Complete()
    {
        if (GnuTls.GetProtocol(_session, out var name) < 0)
            throw new ProtocolException(TransportError.Crypto + NoApplicationProtocol, "no application protocol in common");
        Protocol = Encoding.ASCII.GetString(name.Data, (int)name.Size);
        if (_pinnedHash is not null)
        {
            var peers = GnuTls.GetPeers(_session, out uint count);
            if (peers == null || count == 0
                || !SHA256.HashData(new ReadOnlySpan<byte>(peers[0].Data, (int)peers[0].Size)).AsSpan()
                    .SequenceEqual(_pinnedHash))
                throw new ProtocolException(TransportError.Crypto + BadCertificate, "the server's certificate is another one");
        }

        IsComplete = true;
    }

    private ProtocolException Failure(int error)
    {
        GnuTls.SendAlert(_session, error);
        int description = _alert ?? GnuTls.ErrorToAlert(error, out _);
        return new ProtocolException(TransportError.Crypto + Math.Max(0, description), $"TLS: {GnuTls.TextOf(error)}");
    }

    private void Rethrow()
    {
        var kept = _thrown;
        _thrown = null;
        kept?.Throw();
    }

    private static int ToNative(EncryptionLevel level) => level switch
    {
        EncryptionLevel.Initial => 0,
        EncryptionLevel.Handshake => 2,
        _ => 3
    };

    private static EncryptionLevel FromNative(int level) => level switch
    {
        0 => EncryptionLevel.Initial,
        2 => EncryptionLevel.Handshake,
        _ => EncryptionLevel.Application
    };

    private static GnuTlsHandshake Of(nint session) =>
        (GnuTlsHandshake)GCHandle.FromIntPtr(GnuTls.GetPointer(session)).Target!;

    private int Keep(Exception exception)
    {
        _thrown ??= ExceptionDispatchInfo.Capture(exception);
        return GnuTls.ErrorIllegalParameter;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSecret(nint session, int level, byte* read, byte* write, nuint size)
    {
        var handshake = Of(session);
        try
        {
            if (level == 1)
                return 0;
            var suite = GnuTls.GetCipher(session) switch
            {
                10 => CipherSuite.Aes128Gcm,
                11 => CipherSuite.Aes256Gcm,
                23 => CipherSuite.ChaCha20Poly1305,
                _ => throw new ProtocolException(TransportError.Internal, "TLS chose a cipher that was not offered")
            };
            if (read != null)
                handshake._events!.ReadSecret(FromNative(level), suite, new ReadOnlySpan<byte>(read, (int)size).ToArray());
            if (write != null)
                handshake._events!.WriteSecret(FromNative(level), suite, new ReadOnlySpan<byte>(write, (int)size).ToArray());
            return 0;
        }
        catch (Exception exception)
        {
            return handshake.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnBytes(nint session, int level, int type, byte* data, nuint size)
    {
        const int changeCipherSpec = 254;
        var handshake = Of(session);
        try
        {
            if (type != changeCipherSpec)
                handshake._events!.HandshakeBytes(FromNative(level), new ReadOnlySpan<byte>(data, (int)size));
            return 0;
        }
        catch (Exception exception)
        {
            return handshake.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnAlert(nint session, int level, int severity, int description)
    {
        Of(session)._alert = description;
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnParametersReceived(nint session, byte* data, nuint size)
    {
        var handshake = Of(session);
        try
        {
            handshake._events!.PeerParameters(new ReadOnlySpan<byte>(data, (int)size));
            return 0;
        }
        catch (Exception exception)
        {
            return handshake.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnParametersWanted(nint session, nint buffer)
    {
        var handshake = Of(session);
        fixed (byte* data = handshake._parameters)
        {
            int result = GnuTls.AppendData(buffer, data, (nuint)handshake._parameters.Length);
            return result < 0 ? result : handshake._parameters.Length;
        }
    }
}
