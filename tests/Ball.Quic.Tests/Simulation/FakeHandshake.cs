using System.Buffers.Binary;
using System.Security.Cryptography;
using Ball.Quic.Crypto;
using Ball.Quic.Tls;

namespace Ball.Quic.Tests.Simulation;

/// <summary>
/// A handshake with TLS's shape (flights, levels, sizes) but no secrets worth the name: fast, and the same every time.
/// </summary>
sealed class FakeHandshake(bool isServer) : ITlsHandshake
{
    private const int CertificateSize = 900;

    private readonly MemoryStream _received = new();
    private ITlsEvents _events = null!;
    private byte[] _parameters = [];
    private EncryptionLevel _expected = EncryptionLevel.Initial;

    public bool IsComplete { get; private set; }

    public string? Protocol => IsComplete ? "test" : null;

    public static byte[] Secret(EncryptionLevel level, bool ofServer) =>
        SHA256.HashData([(byte)level, ofServer ? (byte)1 : (byte)0]);

    public void Start(ITlsEvents events, byte[] parameters)
    {
        _events = events;
        _parameters = parameters;
        if (!isServer)
            Say(EncryptionLevel.Initial, parameters, 200);
    }

    public void Receive(EncryptionLevel level, ReadOnlySpan<byte> bytes)
    {
        if (level != _expected || IsComplete)
            throw new Packets.ProtocolException(Packets.TransportError.Crypto + 10, "unexpected message");
        _received.Write(bytes);
        while (!IsComplete && TryTake() is { } message)
            Handle(message);
    }

    public void Dispose()
    {
    }

    private void Handle(byte[] message)
    {
        if (isServer && _expected == EncryptionLevel.Initial)
        {
            _events.PeerParameters(message);
            Say(EncryptionLevel.Initial, [], 80);
            Install(EncryptionLevel.Handshake, true, true);
            Say(EncryptionLevel.Handshake, _parameters, CertificateSize);
            Install(EncryptionLevel.Application, false, true);
            _expected = EncryptionLevel.Handshake;
        }
        else if (isServer)
        {
            Install(EncryptionLevel.Application, true, false);
            IsComplete = true;
        }
        else if (_expected == EncryptionLevel.Initial)
        {
            Install(EncryptionLevel.Handshake, true, true);
            _expected = EncryptionLevel.Handshake;
        }
        else
        {
            _events.PeerParameters(message);
            Say(EncryptionLevel.Handshake, [], 36);
            Install(EncryptionLevel.Application, true, true);
            IsComplete = true;
        }
    }

    private void Install(EncryptionLevel level, bool read, bool write)
    {
        if (read)
            _events.ReadSecret(level, CipherSuite.Aes128Gcm, Secret(level, !isServer));
        if (write)
            _events.WriteSecret(level, CipherSuite.Aes128Gcm, Secret(level, isServer));
    }

    private void Say(EncryptionLevel level, byte[] content, int padding)
    {
        var message = new byte[8 + content.Length + padding];
        BinaryPrimitives.WriteInt32BigEndian(message, content.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), padding);
        content.CopyTo(message, 8);
        _events.HandshakeBytes(level, message);
    }

    private byte[]? TryTake()
    {
        var held = _received.GetBuffer().AsSpan(0, (int)_received.Length);
        if (held.Length < 8)
            return null;
        int length = BinaryPrimitives.ReadInt32BigEndian(held), padding = BinaryPrimitives.ReadInt32BigEndian(held[4..]);
        if (length is < 0 or > 10_000 || padding is < 0 or > 10_000)
            throw new Packets.ProtocolException(Packets.TransportError.Crypto + 50, "decode error");
        if (held.Length < 8 + length + padding)
            return null;
        byte[] message = held.Slice(8, length).ToArray(), rest = held[(8 + length + padding)..].ToArray();
        _received.SetLength(0);
        _received.Write(rest);
        return message;
    }
}
