using Ball.Quic.Packets;
using FsCheck;
using FsCheck.Fluent;

namespace Ball.Quic.Tests;

/// <summary>Numbers, ranges, headers and parameters.</summary>
public sealed class PacketsTests
{
    [Theory]
    [InlineData("c2197c5eff14e88c", 151288809941952652)]
    [InlineData("9d7f3e7d", 494878333)]
    [InlineData("7bbd", 15293)]
    [InlineData("25", 37)]
    public void Variable_length_integers_read_as_the_RFC_shows(string hex, long expected)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.True(VarInt.TryRead(bytes, out long value, out int length));
        Assert.Equal((expected, bytes.Length), (value, length));
        var written = new byte[8];
        Assert.Equal(bytes, written[..VarInt.Write(written, expected)]);
    }

    [Fact]
    public void Every_integer_comes_back() => Prop.ForAll(
        ArbMap.Default.ArbFor<ulong>(),
        number =>
        {
            long value = (long)(number >> 2) >> (int)(number & 3) * 15;
            var bytes = new byte[8];
            int length = VarInt.Write(bytes, value);
            return VarInt.TryRead(bytes.AsSpan(0, length), out long back, out int read) && back == value && read == length
                && !VarInt.TryRead(bytes.AsSpan(0, length - 1), out _, out _);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_truncated_packet_number_reads_as_the_RFC_shows() =>
        Assert.Equal(0xa82f9b32, PacketNumber.Decode(0xa82f30ea, 0x9b32, 2));

    [Fact]
    public void Packet_numbers_come_back_whatever_was_acknowledged() => Prop.ForAll(
        ArbMap.Default.ArbFor<uint>(), ArbMap.Default.ArbFor<ushort>(), ArbMap.Default.ArbFor<byte>(),
        (first, unacked, late) =>
        {
            long acked = first, number = acked + 1 + unacked;
            int length = PacketNumber.LengthOf(number, acked);
            long truncated = number & ((1L << (8 * length)) - 1);

            // The receiver has seen something between what it acknowledged and a bit beyond this packet.
            long seen = Math.Max(acked, number - 1 - late % (unacked + 1));
            return PacketNumber.Decode(seen, truncated, length) == number;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_range_set_behaves_as_a_set_of_numbers()
    {
        var random = new Random(1);
        for (int round = 0; round < 300; round++)
        {
            var ranges = new RangeSet();
            var numbers = new HashSet<long>();
            for (int step = 0; step < 60; step++)
            {
                long start = random.Next(100), end = start + random.Next(12);
                bool add = random.Next(3) > 0;
                for (long i = start; i < end; i++)
                    _ = add ? numbers.Add(i) : numbers.Remove(i);
                if (add)
                    ranges.Add(start, end);
                else
                    ranges.Remove(start, end);
            }

            for (long i = 0; i < 120; i++)
                Assert.Equal(numbers.Contains(i), ranges.Contains(i));
            for (int i = 1; i < ranges.Count; i++)
                Assert.True(ranges.Ranges[i - 1].End < ranges.Ranges[i].Start);
        }
    }

    [Fact]
    public void Transport_parameters_come_back()
    {
        var parameters = new TransportParameters
        {
            OriginalDestination = ConnectionId.Random(8),
            InitialSource = ConnectionId.Random(0),
            RetrySource = ConnectionId.Random(20),
            StatelessResetToken = new byte[16],
            MaxIdleTimeoutMs = 30_000,
            MaxUdpPayload = 1472,
            MaxData = 1 << 20,
            MaxStreamDataBidiLocal = 1,
            MaxStreamDataBidiRemote = 2,
            MaxStreamDataUni = 3,
            MaxStreamsBidi = 4,
            MaxStreamsUni = 5,
            AckDelayExponent = 10,
            MaxAckDelayMs = 7,
            DisableActiveMigration = true,
            ActiveConnectionIdLimit = 4,
            MaxDatagramFrame = 65535
        };
        var back = TransportParameters.Decode(parameters.Encode(), fromServer: true);
        Assert.Equal(parameters with { StatelessResetToken = null }, back with { StatelessResetToken = null });
        Assert.Equal(parameters.StatelessResetToken, back.StatelessResetToken);
    }

    [Theory]
    [InlineData("0a0115")] // An acknowledgement delay exponent of 21.
    [InlineData("0b0480004000")] // A delay that is too long.
    [InlineData("030244af")] // Too small a payload: 1199.
    [InlineData("0e0101")] // Fewer than two connection ids.
    [InlineData("010101010102")] // One parameter twice.
    [InlineData("0401")] // Cut short.
    [InlineData("04024001ff")] // Something left over.
    [InlineData("001000112233445566778899aabbccddeeff")] // From a client, what only servers may say.
    public void Wrong_transport_parameters_are_refused(string hex)
    {
        var error = Assert.Throws<ProtocolException>(
            () => TransportParameters.Decode(Convert.FromHexString(hex), fromServer: false));
        Assert.Equal(TransportError.TransportParameter, error.Code);
    }

    [Fact]
    public void Unknown_transport_parameters_are_skipped() =>
        Assert.Equal(9, TransportParameters.Decode(Convert.FromHexString("7a2a03aabbcc040109"), fromServer: false).MaxData);

    [Fact]
    public void Headers_survive_garbage()
    {
        var random = new Random(3);
        var bytes = new byte[80];
        for (int i = 0; i < 200_000; i++)
        {
            int length = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(0, length));
            if (PacketHeader.TryRead(bytes.AsSpan(0, length), out var header))
            {
                Assert.InRange(header.NumberOffset, 0, header.Length);
                Assert.InRange(header.Length, 1, length);
            }
        }
    }
}
