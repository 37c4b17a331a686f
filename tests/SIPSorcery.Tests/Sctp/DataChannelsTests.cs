using System.Text;
using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

public class DataChannelsTests
{
    [Theory]
    [InlineData(true, null, null)]
    [InlineData(false, null, null)]
    [InlineData(true, 3, null)]
    [InlineData(false, 0, null)]
    [InlineData(true, null, 500)]
    [InlineData(false, null, 65535)]
    public void A_channel_arrives_at_the_peer_as_it_was_asked_for(bool ordered, int? retransmits, int? lifetime)
    {
        var peers = new Peers();
        var settings = new DataChannelSettings
        {
            Label = "mäuse 🐁",
            Protocol = "soap",
            Ordered = ordered,
            MaxRetransmits = (ushort?)retransmits,
            MaxPacketLifeTime = (ushort?)lifetime,
            Priority = 512,
        };
        var channel = peers.A.Open(settings, peers.Now)!;
        peers.Connect();
        peers.RunUntil(() => peers.Accepted.Count == 1);
        Assert.Equal(DataChannelPhase.Open, channel.Phase);
        Assert.Equal(settings with { Id = 0 }, peers.Accepted[0].Settings);
        Assert.Equal(channel.Id, peers.Accepted[0].Id);
    }

    [Fact]
    public void Text_binary_and_empty_messages_keep_their_kind_both_ways()
    {
        var peers = new Peers();
        var channel = peers.A.Open(new DataChannelSettings(), peers.Now)!;
        peers.Connect();
        peers.RunUntil(() => peers.Accepted.Count == 1);
        foreach (var (side, at) in new[] { (peers.A, channel), (peers.B, peers.Accepted[0]) })
        {
            side.SendText(at, "héllo", peers.Now);
            side.SendText(at, "", peers.Now);
            side.SendBinary(at, [0, 255], peers.Now);
            side.SendBinary(at, [], peers.Now);
        }

        peers.RunUntil(() => peers.Messages.Count == 8);
        foreach (var got in new[] { peers.Messages.Where(m => m.Channel == channel), peers.Messages.Where(m => m.Channel != channel) })
        {
            Assert.Equal(
                [("héllo", true), ("", true), ("\0\uFFFD", false), ("", false)],
                got.Select(m => (Encoding.UTF8.GetString(m.Data!), m.IsText)));
        }
    }

    [Fact]
    public void Ids_are_even_for_one_side_and_odd_for_the_other_whoever_opens()
    {
        var peers = new Peers();
        peers.Connect();
        var a = Enumerable.Range(0, 5).Select(_ => peers.A.Open(new DataChannelSettings(), peers.Now)!).ToArray();
        var b = Enumerable.Range(0, 5).Select(_ => peers.B.Open(new DataChannelSettings(), peers.Now)!).ToArray();
        peers.RunUntil(() => peers.Accepted.Count == 10);
        Assert.Equal([0, 2, 4, 6, 8], a.Select(c => (int)c.Id!));
        Assert.Equal([1, 3, 5, 7, 9], b.Select(c => (int)c.Id!));
    }

    [Fact]
    public void A_channel_opened_before_the_roles_are_known_waits_for_its_id()
    {
        var pair = new SimulatedPair(1);
        var channels = new DataChannels(pair.A);
        var channel = channels.Open(new DataChannelSettings { Label = "early" }, pair.Now)!;
        Assert.Null(channel.Id);
        Assert.Equal(SctpSendResult.StreamClosed, channels.SendText(channel, "x", pair.Now));
        channels.UseIds(even: false, pair.Now);
        Assert.Equal(1, (int)channel.Id!);
        Assert.Equal(DataChannelPhase.Connecting, channel.Phase);
    }

    [Fact]
    public void Negotiated_channels_need_no_announcement()
    {
        var peers = new Peers();
        var settings = new DataChannelSettings { Negotiated = true, Id = 7, Ordered = false };
        var a = peers.A.Open(settings, peers.Now)!;
        var b = peers.B.Open(settings, peers.Now)!;
        Assert.Null(peers.A.Open(settings, peers.Now));
        peers.Connect();
        peers.RunUntil(() => a.Phase == DataChannelPhase.Open && b.Phase == DataChannelPhase.Open);
        peers.A.SendText(a, "hi", peers.Now);
        peers.RunUntil(() => peers.Messages.Count == 1);
        Assert.Same(b, peers.Messages[0].Channel);
        Assert.Empty(peers.Accepted);
        Assert.Throws<ArgumentException>(() => peers.A.Open(new DataChannelSettings { Negotiated = true }, peers.Now));
    }

    [Fact]
    public void Messages_sent_right_after_opening_an_unordered_channel_find_it()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var peers = new Peers(seed, new Wire(Loss: 0.2, Delay: 10_000, Jitter: 20_000));
            peers.Connect();
            var channel = peers.A.Open(new DataChannelSettings { Ordered = false }, peers.Now)!;
            for (var i = 0; i < 20; i++)
                Assert.Equal(SctpSendResult.Accepted, peers.A.SendBinary(channel, new byte[900], peers.Now));
            peers.RunUntil(() => peers.Messages.Count == 20);
            Assert.Equal(0, peers.B.Refused);
        }
    }

    [Fact]
    public void Closing_delivers_what_was_sent_closes_both_sides_and_frees_the_id()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var peers = new Peers(seed, new Wire(Loss: 0.1, Delay: 10_000));
            var channel = peers.A.Open(new DataChannelSettings { Negotiated = false, Id = 4 }, peers.Now)!;
            peers.Connect();
            peers.RunUntil(() => peers.Accepted.Count == 1);
            for (var i = 0; i < 10; i++)
                peers.A.SendBinary(channel, new byte[5000], peers.Now);
            peers.A.Close(channel);
            if (seed % 3 == 0)
                peers.B.Close(peers.Accepted[0]);
            Assert.Equal(SctpSendResult.Closed, peers.A.SendBinary(channel, [1], peers.Now));
            peers.RunUntil(() => peers.Closed.Count == 2);
            Assert.Equal(seed % 3 == 0 ? peers.Messages.Count : 10, peers.Messages.Count);
            peers.Run(3);
            Assert.Equal(2, peers.Closed.Count);
            Assert.Empty(peers.A.All);
            Assert.Empty(peers.B.All);
            Assert.NotNull(peers.B.Open(new DataChannelSettings { Id = 4, Label = "again" }, peers.Now));
            peers.RunUntil(() => peers.Accepted.Count == 2);
        }
    }

    [Fact]
    public void The_end_of_the_association_closes_every_channel()
    {
        var peers = new Peers();
        for (var i = 0; i < 3; i++)
            peers.A.Open(new DataChannelSettings(), peers.Now);
        peers.Connect();
        peers.RunUntil(() => peers.Accepted.Count == 3);
        peers.Pair.A.Abort();
        peers.RunUntil(() => peers.Disconnected == 2);
        Assert.Equal(6, peers.Closed.Count);
        Assert.Null(peers.A.Open(new DataChannelSettings(), peers.Now));
    }

    [Fact]
    public void Old_partial_messages_are_joined()
    {
        var peers = new Peers();
        var channel = peers.A.Open(new DataChannelSettings(), peers.Now)!;
        peers.Connect();
        peers.RunUntil(() => peers.Accepted.Count == 1);
        peers.Pair.A.Send(channel.Id!.Value, 52, [1, 2], default, peers.Now);
        peers.Pair.A.Send(channel.Id!.Value, 52, [3], default, peers.Now);
        peers.Pair.A.Send(channel.Id!.Value, 53, [4], default, peers.Now);
        peers.Pair.A.Send(channel.Id!.Value, 54, "a"u8, default, peers.Now);
        peers.Pair.A.Send(channel.Id!.Value, 51, "b"u8, default, peers.Now);
        peers.RunUntil(() => peers.Messages.Count == 2);
        Assert.Equal([1, 2, 3, 4], peers.Messages[0].Data!);
        Assert.Equal(("ab", true), (Encoding.UTF8.GetString(peers.Messages[1].Data!), peers.Messages[1].IsText));

        // Without end they close the channel rather than fill memory.
        for (var i = 0; i < 5; i++)
            peers.Pair.A.Send(channel.Id!.Value, 52, new byte[100_000], default, peers.Now);
        peers.RunUntil(() => peers.Closed.Count == 2);
    }

    [Fact]
    public void Malformed_and_surplus_channels_are_refused()
    {
        var peers = new Peers(maxChannels: 3);
        peers.Connect();
        peers.Pair.A.Send(100, 50, [3, 0, 0], default, peers.Now);
        peers.Pair.A.Send(102, 50, [3, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], default, peers.Now);
        peers.Pair.A.Send(104, 50, [3, 0, 0, 0, 0, 0, 0, 0, 0, 200, 0, 0], default, peers.Now);
        peers.Pair.A.Send(106, 50, [77], default, peers.Now);
        peers.Pair.A.Send(108, 53, [1], default, peers.Now);
        peers.Run(2);
        Assert.Equal(5, peers.B.Refused);
        Assert.Empty(peers.Accepted);
        var opened = Enumerable.Range(0, 3).Select(_ => peers.B.Open(new DataChannelSettings(), peers.Now)).ToArray();
        Assert.All(opened, Assert.NotNull);
        Assert.Null(peers.B.Open(new DataChannelSettings(), peers.Now));
    }

    [Fact]
    public void Labels_survive_any_bytes_on_the_wire()
    {
        var random = new Random(9);
        for (var i = 0; i < 100_000; i++)
        {
            var message = new byte[random.Next(40)];
            random.NextBytes(message);
            if (message.Length > 12)
            {
                message[0] = 3;
                message[1] &= 0x83;
                message[8] = message[10] = 0;
                message[9] &= 15;
                message[11] &= 15;
            }

            if (Dcep.ReadOpen(message, 1) is { } settings)
                Assert.Equal(settings, Dcep.ReadOpen(Dcep.WriteOpen(settings), 1));
        }
    }

    /// <summary>Two sides with data channels on a simulated wire.</summary>
    private sealed class Peers
    {
        public Peers(int seed = 1, Wire? wire = null, int maxChannels = 1024)
        {
            Pair = new SimulatedPair(seed, wire) { OwnsEvents = false };
            A = new DataChannels(Pair.A, maxChannels);
            B = new DataChannels(Pair.B, maxChannels);
            A.UseIds(even: true, Now);
            B.UseIds(even: false, Now);
            Pair.BeforeDrain = () =>
            {
                Take(A);
                Take(B);
            };
        }

        public SimulatedPair Pair { get; }

        public DataChannels A { get; }

        public DataChannels B { get; }

        public long Now => Pair.Now;

        public List<DataChannelCore> Accepted { get; } = [];

        public List<DataChannelCore> Closed { get; } = [];

        public List<DataChannelEvent> Messages { get; } = [];

        public int Disconnected { get; private set; }

        public void Connect()
        {
            Pair.A.Connect(Now);
            Pair.B.Connect(Now);
            Pair.RunUntil(() => Pair.A.State == SctpState.Established && Pair.B.State == SctpState.Established);
        }

        public void RunUntil(Func<bool> condition) => Pair.RunUntil(condition, 60);

        public void Run(double seconds) => Pair.Run(seconds);

        private void Take(DataChannels side)
        {
            while (side.TryPollEvent(out var e, Now))
            {
                switch (e.Kind)
                {
                    case DataChannelEventKind.Accepted:
                        Accepted.Add(e.Channel!);
                        break;
                    case DataChannelEventKind.Message:
                        Messages.Add(e);
                        break;
                    case DataChannelEventKind.Closed:
                        Closed.Add(e.Channel!);
                        break;
                    case DataChannelEventKind.Disconnected:
                        Disconnected++;
                        break;
                }
            }
        }
    }
}
