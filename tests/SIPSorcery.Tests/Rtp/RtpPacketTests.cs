using SIPSorcery.Net;

namespace SIPSorcery.Tests.Rtp;

public class RtpPacketTests
{
    [Fact]
    public void A_packet_survives_the_way_through_bytes()
    {
        var packet = new RTPPacket(4);
        packet.Header.PayloadType = 102;
        packet.Header.MarkerBit = 1;
        packet.Header.SequenceNumber = 65_535;
        packet.Header.CSRCCount = 2;
        packet.Header.CSRCList = [1, -2];
        packet.Header.HeaderExtensionFlag = 1;
        packet.Header.ExtensionProfile = RTPHeader.ONE_BYTE_EXTENSION_PROFILE;
        packet.Header.ExtensionLength = 1;
        packet.Header.ExtensionPayload = [0x31, 7, 8, 0];
        packet.Payload = [1, 2, 3, 4];

        var copy = new RTPPacket(packet.GetBytes());
        Assert.Equal(packet.GetBytes(), copy.GetBytes());
        Assert.Equal([1, -2], copy.Header.CSRCList!);
        var extension = Assert.Single(copy.Header.GetHeaderExtensions());
        Assert.Equal(3, extension.Id);
        Assert.Equal([7, 8], extension.Data);
        Assert.Equal(4, copy.Header.PayloadSize);
        Assert.True(RTPPacket.TryParse(packet.GetBytes(), out var parsed, out var consumed));
        Assert.Equal(packet.GetBytes().Length, consumed);
        Assert.Equal(packet.Payload, parsed.Payload);
    }

    [Fact]
    public void Padding_is_taken_off()
    {
        byte[] bytes = [0xA0, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 9, 8, 7, 0, 0, 3];
        var packet = new RTPPacket(bytes);
        Assert.Equal([9, 8, 7], packet.Payload);
        Assert.Equal(3, packet.Header.PaddingCount);
        bytes[^1] = 7;
        Assert.False(RTPPacket.TryParse(bytes, out _, out _));
    }

    [Fact]
    public void Two_byte_extensions_are_read_and_a_reserved_id_ends_the_block()
    {
        var elements = new RtpExtensionElements(RTPHeader.TWO_BYTE_EXTENSION_PROFILE, [20, 0, 21, 2, 1, 2, 0, 22, 5, 1]);
        Assert.True(elements.MoveNext());
        Assert.Equal((20, 0), (elements.Id, elements.Data.Length));
        Assert.True(elements.MoveNext());
        Assert.Equal((21, 2), (elements.Id, elements.Data.Length));
        Assert.False(elements.MoveNext());
        elements = new RtpExtensionElements(RTPHeader.ONE_BYTE_EXTENSION_PROFILE, [0xF0, 1, 0x10, 2]);
        Assert.False(elements.MoveNext());
    }

    [Theory]
    [InlineData("0", 1, 2, 3)]
    [InlineData("video0", 1, 2, 15)]
    [InlineData("a-mid-that-is-longer-than-16-bytes", 4, 0, 5)]
    [InlineData(null, 0, 0, 0)]
    public void The_header_that_is_written_can_be_read(string? mid, byte midId, byte timeId, byte sequenceId)
    {
        var template = new RtpHeaderTemplate(0xABCD, new RtpExtensionIds(midId, timeId, sequenceId), mid);
        var bytes = new byte[template.Length + 1];
        template.Write(bytes, 102, true, 7, 8, 0x123456, 0x789A);
        Assert.True(RtpPacketView.TryParse(bytes, out var view));
        Assert.Equal((102, true, 7, 8u, 0xABCDu, 1), (view.PayloadType, view.Marker, view.SequenceNumber, view.Timestamp, view.Ssrc,
            view.PayloadLength));
        Assert.Equal(timeId != 0, view.TryGetExtension(bytes, timeId, out var time));
        Assert.Equal(timeId != 0 ? "123456" : "", Convert.ToHexString(time));
        Assert.Equal(sequenceId != 0, view.TryGetExtension(bytes, sequenceId, out var sequence));
        Assert.Equal(sequenceId != 0 ? "789A" : "", Convert.ToHexString(sequence));
        Assert.Equal(midId != 0, view.TryGetExtension(bytes, midId, out var name));
        Assert.Equal(mid ?? "", System.Text.Encoding.UTF8.GetString(name));
    }

    [Fact]
    public void A_million_mutated_packets_are_read_or_refused()
    {
        var random = new Random(8);
        var template = new RTPPacket(20).GetBytes();
        var buffer = new byte[200];
        var read = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            var length = random.Next(100);
            random.NextBytes(buffer.AsSpan(0, length));
            if (i % 2 == 0)
                template.AsSpan(0, Math.Min(length, 12)).CopyTo(buffer);
            if (i % 4 == 0 && length > 16)
                (buffer[0], buffer[12], buffer[13]) = ((byte)(buffer[0] & 0xE0 | 0x90), 0xBE, 0xDE);
            if (!RtpPacketView.TryParse(buffer.AsSpan(0, length), out var view))
                continue;
            read++;
            if (view.PayloadOffset + view.PayloadLength > length)
                Assert.Fail("The payload is outside of the packet.");
            view.TryGetExtension(buffer.AsSpan(0, length), (byte)random.Next(16), out _);
            if (i % 16 == 0)
            {
                Assert.True(RTPPacket.TryParse(buffer.AsSpan(0, length), out var packet, out _));
                packet.Header.GetHeaderExtensions();
            }
        }
        Assert.True(read > 100_000);
    }
}
