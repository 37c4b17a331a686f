using System.Buffers.Binary;
using SIPSorcery.Net;

namespace SIPSorcery.Tests.Srtp;

public class SrtpVectorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Counter_mode_makes_the_key_stream_of_RFC_3711_B_2(bool hardware)
    {
        using var cipher = new AesCounterMode(Convert.FromHexString("2B7E151628AED2A6ABF7158809CF4F3C"), hardware);
        var stream = new byte[0xFF03 * 16];
        cipher.Apply(Convert.FromHexString("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000"), stream);
        Assert.Equal("E03EAD0935C95E80E166B16DD92B4EB4", Convert.ToHexString(stream, 0, 16));
        Assert.Equal("D23513162B02D0F72A43A2FE4A5F97AB", Convert.ToHexString(stream, 16, 16));
        Assert.Equal("41E95B3BB0A2E8DD477901E4FCA894C0", Convert.ToHexString(stream, 32, 16));
        Assert.Equal("EC8CDF7398607CB0F2D21675EA9EA1E4", Convert.ToHexString(stream, 0xFEFF * 16, 16));
        Assert.Equal("362B7C3C6773516318A077D7FC5073AE", Convert.ToHexString(stream, 0xFF00 * 16, 16));
        Assert.Equal("6A2CC3787889374FBEB4C81B17BA6C44", Convert.ToHexString(stream, 0xFF01 * 16, 16));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1199)]
    public void Counter_mode_is_the_same_with_and_without_the_AES_unit(int length)
    {
        var key = Bytes(16, 3);
        var start = Bytes(16, 5);
        start.AsSpan(14).Clear();
        using var hardware = new AesCounterMode(key);
        using var software = new AesCounterMode(key, allowHardware: false);
        var (one, two) = (Bytes(length, 1), Bytes(length, 1));
        hardware.Apply(start, one);
        software.Apply(start, two);
        Assert.Equal(two, one);
    }

    [Fact]
    public void Session_keys_are_those_of_RFC_3711_B_3()
    {
        var keys = new SrtpKeys(SrtpProfile.Aes128CmHmacSha1_80, Convert.FromHexString("E1F97A0D3E018BE0D64FA32C06DE4139"),
            Convert.FromHexString("0EC675AD498AFEEBB6960B3AABE6"));
        Assert.Equal("C61E7A93744F39EE10734AFE3FF7A087", Derive(keys, SrtpKeyLabel.RtpEncryption, 16));
        Assert.Equal("30CBBC08863D8C85D49DB34A9AE1", Derive(keys, SrtpKeyLabel.RtpSalt, 14));
        Assert.Equal("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4", Derive(keys, SrtpKeyLabel.RtpAuthentication, 20));
    }

    [Fact]
    public void Gcm_protects_RTP_as_in_RFC_7714_16_1_1()
    {
        using var cipher = new AesGcmCipher(Bytes(16, 1, 0), "Quid pro quo"u8);
        var packet = Convert.FromHexString("8040F17B8041F8D35501A0B2"
            + "47616C6C696120657374206F6D6E69732064697669736120696E207061727465732074726573");
        var buffer = new byte[packet.Length + 16];
        packet.CopyTo(buffer, 0);
        var length = cipher.SealRtp(buffer, packet.Length, 12, 0x5501A0B2, 0xF17B);
        Assert.Equal("8040F17B8041F8D35501A0B2F24DE3A3FB34DE6CACBA861C9D7E4BCABE633BD50D294E6F42A5F47A51C7D19B36DE3ADF8833"
            + "899D7F27BEB16A9152CF765EE4390CCE", Convert.ToHexString(buffer, 0, length));
        Assert.Equal(packet.Length, cipher.OpenRtp(buffer, length, 12, 0x5501A0B2, 0xF17B));
        Assert.Equal(packet, buffer[..packet.Length]);
    }

    [Fact]
    public void Gcm_protects_RTCP_as_in_RFC_7714_17_1()
    {
        using var cipher = new AesGcmCipher(Bytes(16, 1, 0), "Quid pro quo"u8);
        var packet = Convert.FromHexString("81C8000D4D6172734E5450314E545032525450200000042A0000E9304C756E61"
            + "DEADBEEFDEADBEEFDEADBEEFDEADBEEFDEADBEEF");
        var buffer = new byte[packet.Length + 20];
        packet.CopyTo(buffer, 0);
        var length = cipher.SealRtcp(buffer, packet.Length, 0x4D617273, 0x5D4);
        Assert.Equal("81C8000D4D61727363E94885DCDAB67CA727D7662F6B7E997FF5C0F76C06F32DC676A5F1730D6FDA4CE09B4686303DED0BB9"
            + "275BC84AA45896CF4D2FC5ABF87245D9EADE800005D4", Convert.ToHexString(buffer, 0, length));
        Assert.Equal(packet.Length, cipher.OpenRtcp(buffer, length, 0x4D617273, cipher.ReadRtcpIndex(buffer)));
        Assert.Equal(packet, buffer[..packet.Length]);
    }

    // What libsrtp 2 makes of the same packets and keys, across a rollover of the sequence number.
    static readonly (int Sequence, string Cm, string Gcm)[] s_fromLibsrtp =
    [
        (65534,
            "8060fffe0bb7e890cafebabe45068d02591f76ceafa5cdfcf78effdfb2f45927c39d8a2b913ce50fcc0af4f16197398435262daba20d60",
            "8060fffe0bb7e890cafebabea08790e24e8e078d315d63a768d3d34e94e50b76e58f6f405c7641f84387cd804db9867dc47df874f450"
            + "b5e5219370ace2"),
        (65535,
            "9060ffff0bb7f448cafebabebede0001300102001741f549e9db6c82be28d340f5771c4043e8b34d0c1f296c3f8b4f2bfa3642332ccc"
            + "6388aa123d0ad7eb6e",
            "9060ffff0bb7f448cafebabebede0001300102004ba8cc70ad613d6e9898d1ccffce033dd4e0933c24825ce2c77390257bb71525803f"
            + "760c3f7175c9091f5c88033ca405da"),
        (0,
            "8060000000000000cafebabe4c129881e68de6a9145064bc6c50c272c104126290a54410770c8d5bbd73ee40b10a740ea8babfb919fb59",
            "8060000000000000cafebabe5f9c9f2479b7836385db954a328fd6ed7f4dc3ddd94ebf26fa17578f25a33dc09bc33b177a8feb75597d"
            + "9bc0793b88e3a1"),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Packets_are_those_of_libsrtp_across_a_rollover(bool gcm)
    {
        var profile = gcm ? SrtpProfile.AeadAes128Gcm : SrtpProfile.Aes128CmHmacSha1_80;
        using var sender = new SrtpDirection(LibsrtpKeys(profile));
        using var receiver = new SrtpDirection(LibsrtpKeys(profile));
        foreach (var (sequence, cm, aead) in s_fromLibsrtp)
        {
            var plain = LibsrtpInput(sequence);
            var buffer = new byte[plain.Length + 16];
            plain.CopyTo(buffer, 0);
            var length = sender.ProtectRtp(buffer, plain.Length);
            Assert.Equal(gcm ? aead : cm, Convert.ToHexStringLower(buffer, 0, length));
            Assert.Equal(plain.Length, receiver.UnprotectRtp(buffer, length));
            Assert.Equal(plain, buffer[..plain.Length]);
        }
    }

    [Theory]
    [InlineData(false, "80c90001cafebabe07aa7a089636901dd37b1e59f294e4d680000001d670dfe1d1246f29ae86")]
    [InlineData(true, "80c90001cafebabe4ad727111055f535c6094732ccc25bbc2a136bfb6fa381cd9a944873c1aaf99280000001")]
    public void Reports_are_those_of_libsrtp(bool gcm, string expected)
    {
        var profile = gcm ? SrtpProfile.AeadAes128Gcm : SrtpProfile.Aes128CmHmacSha1_80;
        using var sender = new SrtpDirection(LibsrtpKeys(profile));
        using var receiver = new SrtpDirection(LibsrtpKeys(profile));
        var plain = Convert.FromHexString("80c90001cafebabe81ca0003cafebabe01032d2d2d000000");
        var buffer = new byte[plain.Length + 20];
        plain.CopyTo(buffer, 0);
        sender.ProtectRtcp(buffer, plain.Length); // libsrtp begins with index 1
        plain.CopyTo(buffer, 0);
        var length = sender.ProtectRtcp(buffer, plain.Length);
        Assert.Equal(expected, Convert.ToHexStringLower(buffer, 0, length));
        Assert.Equal(plain.Length, receiver.UnprotectRtcp(buffer, length));
        Assert.Equal(plain, buffer[..plain.Length]);
    }

    static SrtpKeys LibsrtpKeys(SrtpProfile profile)
    {
        var material = Bytes(16 + SrtpKeys.SaltSize(profile), 1, 0);
        return new SrtpKeys(profile, material.AsSpan(0, 16), material.AsSpan(16));
    }

    static byte[] LibsrtpInput(int sequence)
    {
        var odd = sequence % 2 == 1;
        var packet = new byte[12 + (odd ? 8 : 0) + 33];
        packet[0] = (byte)(odd ? 0x90 : 0x80);
        packet[1] = 96;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)sequence * 3000);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), 0xCAFEBABE);
        if (odd)
            Convert.FromHexString("BEDE000130010200").CopyTo(packet, 12);
        Bytes(33, 7, 0).CopyTo(packet, packet.Length - 33);
        return packet;
    }

    static string Derive(in SrtpKeys keys, SrtpKeyLabel label, int size)
    {
        var key = new byte[size];
        keys.Derive(label, key);
        return Convert.ToHexString(key);
    }

    static byte[] Bytes(int length, int step, int start = 1) =>
        [.. Enumerable.Range(0, length).Select(i => (byte)(start + i * step))];
}
