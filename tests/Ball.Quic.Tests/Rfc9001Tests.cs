using System.Security.Cryptography;
using Ball.Quic.Crypto;
using Ball.Quic.Packets;

namespace Ball.Quic.Tests;

/// <summary>The vectors of RFC 9001, appendix A.</summary>
public sealed class Rfc9001Tests
{
    private const string ClientHello =
        "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010000e" +
        "00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e0005000501000000000033002600240" +
        "01d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e040305030603020308" +
        "0408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088" +
        "394c8f03e51570806048000ffff";

    private const string ServerHello =
        "02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf73988cfc79825df566dc5430b9a045a1200130100002e0033002400" +
        "1d00209d3c940d89690b84d08a60993c144eca684d1081287c834d5311bcf32bb9da1a002b00020304";

    private const string ServerInitial =
        "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3e" +
        "c2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f5889185" +
        "0abbdca3d20398c276456cbc42158407dd074ee";

    private static readonly ConnectionId s_destination = new(Hex("8394c8f03e515708"));

    [Fact]
    public void Initial_secrets_come_from_the_destination_id()
    {
        Assert.Equal(
            Hex("c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea"),
            KeySchedule.InitialSecret(s_destination, ofServer: false));
        Assert.Equal(
            Hex("3c199828fd139efd216c155ad844cc81fb82fa8d7446fa7d78be803acdda951b"),
            KeySchedule.InitialSecret(s_destination, ofServer: true));
    }

    [Theory]
    [InlineData("quic key", "1f369613dd76d5467730efcbe3b1a22d")]
    [InlineData("quic iv", "fa044b2f42a3fd3b46fb255c")]
    [InlineData("quic hp", "9f50449e04a0e810283a1e9933adedd2")]
    public void Keys_come_from_secrets(string label, string expected)
    {
        byte[] secret = KeySchedule.InitialSecret(s_destination, ofServer: false);
        Assert.Equal(Hex(expected), KeySchedule.ExpandLabel(HashAlgorithmName.SHA256, secret, label, expected.Length / 2));
    }

    [Fact]
    public void A_clients_initial_is_sealed_as_the_RFC_shows()
    {
        byte[] header = Hex("c300000001088394c8f03e5157080000449e00000002");
        var packet = new byte[1200];
        header.CopyTo(packet, 0);
        Hex(ClientHello).CopyTo(packet, header.Length);
        using var sealer = new PacketSealer(CipherSuite.Aes128Gcm, KeySchedule.InitialSecret(s_destination, ofServer: false));

        Assert.Equal(1200, sealer.Seal(packet, 18, 4, 1162, 2));
        Assert.Equal(Hex("c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9b"), packet[..38]);
        Assert.Equal(Hex("e221af44860018ab0856972e194cd934"), packet[^16..]);
    }

    [Fact]
    public void A_servers_initial_is_sealed_and_opened_as_the_RFC_shows()
    {
        byte[] header = Hex("c1000000010008f067a5502a4262b50040750001");
        byte[] payload = Hex(ServerHello);
        var packet = new byte[header.Length + payload.Length + AeadKey.TagLength];
        header.CopyTo(packet, 0);
        payload.CopyTo(packet, header.Length);
        byte[] secret = KeySchedule.InitialSecret(s_destination, ofServer: true);
        using var sealer = new PacketSealer(CipherSuite.Aes128Gcm, secret);
        sealer.Seal(packet, 18, 2, payload.Length, 1);
        Assert.Equal(Hex(ServerInitial), packet);

        Assert.True(PacketHeader.TryRead(packet, out var read));
        Assert.Equal((PacketType.Initial, 18, packet.Length), (read.Type, read.NumberOffset, read.Length));
        using var opener = new PacketOpener(CipherSuite.Aes128Gcm, secret);
        Assert.True(opener.TryOpen(packet, read.NumberOffset, -1, out var opened));
        Assert.Equal(1, opened.Number);
        Assert.Equal(payload, packet[opened.PayloadOffset..(opened.PayloadOffset + opened.PayloadLength)]);
    }

    [Fact]
    public void A_retry_carries_the_tag_that_the_RFC_shows()
    {
        byte[] retry = Hex("ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba");
        var tag = new byte[RetryTag.Length];
        RetryTag.Compute(s_destination, retry.AsSpan(..^16), tag);
        Assert.Equal(retry[^16..], tag);
    }

    [Fact]
    public void A_short_packet_is_sealed_with_ChaCha20_as_the_RFC_shows()
    {
        byte[] secret = Hex("9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b");
        var packet = new byte[21];
        Hex("4200bff401").CopyTo(packet, 0);
        using var sealer = new PacketSealer(CipherSuite.ChaCha20Poly1305, secret);
        sealer.Seal(packet, 1, 3, 1, 654360564);
        Assert.Equal(Hex("4cfe4189655e5cd55c41f69080575d7999c25a5bfb"), packet);

        using var opener = new PacketOpener(CipherSuite.ChaCha20Poly1305, secret);
        Assert.True(opener.TryOpen(packet, 1, 654360563, out var opened));
        Assert.Equal((654360564, 1), (opened.Number, opened.PayloadLength));
    }

    [Fact]
    public void The_next_secret_is_the_one_that_the_RFC_shows() => Assert.Equal(
        Hex("1223504755036d556342ee9361d253421a826c9ecdf3c7148684b36b714881f9"),
        KeySchedule.NextSecret(
            CipherSuite.ChaCha20Poly1305, Hex("9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b")));

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
