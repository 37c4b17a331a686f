using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Ball.Quic.Packets;

namespace Ball.Quic.Crypto;

/// <summary>How QUIC gets keys from secrets (RFC 9001, section 5).</summary>
static class KeySchedule
{
    private static ReadOnlySpan<byte> InitialSalt =>
    [
        0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a
    ];

    /// <summary>The secret that protects what one side sends in Initial packets; anyone can compute it.</summary>
    public static byte[] InitialSecret(in ConnectionId destination, bool ofServer)
    {
        byte[] initial = HKDF.Extract(HashAlgorithmName.SHA256, destination.ToArray(), InitialSalt.ToArray());
        return ExpandLabel(HashAlgorithmName.SHA256, initial, ofServer ? "server in" : "client in", 32);
    }

    public static byte[] NextSecret(CipherSuite suite, byte[] secret) =>
        ExpandLabel(suite.Hash, secret, "quic ku", secret.Length);

    public static byte[] ExpandLabel(HashAlgorithmName hash, byte[] secret, string label, int length)
    {
        Span<byte> info = stackalloc byte[64];
        int labelLength = Encoding.ASCII.GetBytes("tls13 " + label, info[3..]);
        BinaryPrimitives.WriteUInt16BigEndian(info, (ushort)length);
        info[2] = (byte)labelLength;
        info[3 + labelLength] = 0;

        var output = new byte[length];
        HKDF.Expand(hash, secret, output, info[..(4 + labelLength)]);
        return output;
    }
}
