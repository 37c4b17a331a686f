using System.Text;
using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

public class Crc32cTests
{
    [Fact]
    public void Known_values_come_out()
    {
        Assert.Equal(0xE3069283u, Crc32c.Compute(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0u, Crc32c.Compute([]));

        // RFC 3720, B.4
        Assert.Equal(0x8A9136AAu, Crc32c.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32c.Compute([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794Eu, Crc32c.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0x113FDB5Cu, Crc32c.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))]));
    }

    [Fact]
    public void Instructions_and_table_agree_at_every_length()
    {
        var data = new byte[300];
        new Random(5).NextBytes(data);
        for (var length = 0; length <= data.Length; length++)
            Assert.Equal(Crc32c.AppendTable(uint.MaxValue, data.AsSpan(0, length)), Crc32c.Append(uint.MaxValue, data.AsSpan(0, length)));
    }
}
