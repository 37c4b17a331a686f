using SIPSorcery.Net;

namespace SIPSorcery.Tests.Ice;

/// <summary>STUN on the wire, against the vectors of RFC 5769.</summary>
public sealed class StunMessageTests
{
    private static readonly byte[] s_request = Convert.FromHexString(
        "000100582112a442b7e7a701bc34d686fa87dfae" +
        "802200105354554e207465737420636c69656e74" +
        "002400046e0001ff" + "80290008932ff9b151263b36" +
        "000600096576746a3a68367659202020" +
        "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" +
        "80280004e57a3bcf");

    private static readonly byte[] s_answerIPv4 = Convert.FromHexString(
        "0101003c2112a442b7e7a701bc34d686fa87dfae" +
        "8022000b7465737420766563746f7220" +
        "002000080001a147e112a643" +
        "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7" +
        "80280004c07d4c96");

    private static readonly byte[] s_answerIPv6 = Convert.FromHexString(
        "010100482112a442b7e7a701bc34d686fa87dfae" +
        "8022000b7465737420766563746f7220" +
        "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9" +
        "00080014a382954e4be67bf11784c97c8292c275bfe3ed41" +
        "80280004c8fb0b4c");

    [Fact]
    public void A_request_is_read_as_the_standard_says()
    {
        Assert.True(StunMessage.TryRead(s_request, out var message));
        Assert.Equal(StunType.Request, message.Type);
        Assert.Equal("evtj:h6vY", System.Text.Encoding.ASCII.GetString(message.Username));
        Assert.Equal(0x6E0001FFu, message.Priority);
        Assert.Equal(0x932FF9B151263B36u, message.Controlled);
        Assert.True(message.HasFingerprint);
        Assert.True(message.HasIntegrity("VOkJxbRl1RmTxUk/WvJxBt"u8));
        Assert.False(message.HasIntegrity("VOkJxbRl1RmTxUk/WvJxBu"u8));
    }

    [Fact]
    public void Addresses_of_both_families_are_read_as_the_standard_says()
    {
        Assert.True(StunMessage.TryRead(s_answerIPv4, out var message));
        Assert.Equal("192.0.2.1:32853", message.Mapped.ToString());
        Assert.True(message.HasIntegrity("VOkJxbRl1RmTxUk/WvJxBt"u8));
        Assert.True(message.HasFingerprint);
        Assert.True(StunMessage.TryRead(s_answerIPv6, out message));
        Assert.Equal("[2001:db8:1234:5678:11:2233:4455:6677]:32853", message.Mapped.ToString());
        Assert.True(message.HasIntegrity("VOkJxbRl1RmTxUk/WvJxBt"u8));
    }

    [Theory]
    [InlineData("192.0.2.77", 1234)]
    [InlineData("2001:db8::77", 65535)]
    public void What_is_written_is_read_again(string address, int port)
    {
        var buffer = new byte[256];
        var writer = new StunWriter(buffer, StunType.Success, new StunTransaction(7, 8));
        var mapped = NetAddress.From(System.Net.IPAddress.Parse(address), (ushort)port);
        writer.AddMapped(mapped);
        writer.AddError(487, "Role Conflict"u8);
        writer.Add(StunAttribute.Username, "odd"u8);
        var length = writer.Finish("key"u8);

        Assert.True(StunMessage.TryRead(buffer.AsSpan(0, length), out var message));
        Assert.Equal(mapped, message.Mapped);
        Assert.Equal(487, message.Error);
        Assert.Equal("odd"u8, message.Username);
        Assert.Equal(new StunTransaction(7, 8), message.Transaction);
        Assert.True(message.HasIntegrity("key"u8));
        Assert.True(message.HasFingerprint);
    }

    [Fact]
    public void A_million_damaged_messages_are_survived_and_none_keeps_its_integrity()
    {
        var random = new Random(3);
        var packet = new byte[s_request.Length + 8];
        var key = "VOkJxbRl1RmTxUk/WvJxBt"u8;
        for (var run = 0; run < 1_000_000; run++)
        {
            var source = (run % 3) switch { 0 => s_request, 1 => s_answerIPv4, _ => s_answerIPv6 };
            source.CopyTo(packet, 0);
            var length = random.Next(8) == 0 ? random.Next(packet.Length) : source.Length;
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                packet[random.Next(source.Length)] ^= (byte)random.Next(1, 256);
            }

            // The integrity and the fingerprint behind it take the last 32 bytes.
            var covered = source.Length - 32;
            if (StunMessage.TryRead(packet.AsSpan(0, length), out var message) && run % 16 == 0 &&
                !packet.AsSpan(0, covered).SequenceEqual(source.AsSpan(0, covered)))
            {
                Assert.False(message.HasIntegrity(key));
            }
        }
    }
}
