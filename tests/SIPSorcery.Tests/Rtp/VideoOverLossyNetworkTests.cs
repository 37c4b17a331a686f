using SIPSorcery.Net;

namespace SIPSorcery.Tests.Rtp;

public class VideoOverLossyNetworkTests
{
    [Theory]
    [InlineData(SrtpProfileName.Gcm, true)]
    [InlineData(SrtpProfileName.Gcm, false)]
    [InlineData(SrtpProfileName.Cm, true)]
    [InlineData(SrtpProfileName.Cm, false)]
    public void Every_frame_arrives_at_once_on_a_good_network(string profile, bool rtx)
    {
        using var session = new SimulatedSession(new SimulatedNetwork(), 1, rtx, profile: SrtpProfileName.Parse(profile));
        session.Run(5);
        session.AssertDecodable();
        Assert.InRange(session.Arrived.Count, session.Sent.Count - 1, session.Sent.Count);
        Assert.All(session.Arrived, frame => Assert.Equal(10_000, frame.At - session.Sent[frame.Frame.Timestamp].At));
        Assert.Equal(0, session.Receiver.NacksSent);
        Assert.Equal(0, session.KeyFrameRequests);
        Assert.Equal(0, session.Sender.PacketsSentAgain);
    }

    [Theory]
    [InlineData(0.01, true, 11)]
    [InlineData(0.05, true, 12)]
    [InlineData(0.10, true, 13)]
    [InlineData(0.20, true, 14)]
    [InlineData(0.05, false, 15)]
    [InlineData(0.20, false, 16)]
    public void Lost_packets_are_sent_again_and_no_frame_is_missed(double loss, bool rtx, int seed)
    {
        using var session = new SimulatedSession(new SimulatedNetwork { Loss = loss }, seed, rtx);
        session.Run(20);
        session.AssertDecodable();
        Assert.True(session.Sender.PacketsSentAgain > 0);
        Assert.True(session.Arrived.Count > session.Sent.Count * 0.97, $"{session.Arrived.Count} of {session.Sent.Count}");
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(24)]
    public void Video_survives_loss_disorder_duplicates_and_jitter_together(int seed)
    {
        var network = new SimulatedNetwork
        {
            Loss = 0.1,
            Reordered = 0.1,
            Duplicated = 0.1,
            JitterMicros = 20_000,
            DelayMicros = 30_000,
        };
        using var session = new SimulatedSession(network, seed, rtx: seed % 2 == 0,
            profile: seed < 23 ? SrtpProfile.AeadAes128Gcm : SrtpProfile.Aes128CmHmacSha1_80);
        session.Run(20);
        session.AssertDecodable();
        Assert.True(session.Arrived.Count > session.Sent.Count * 0.95, $"{session.Arrived.Count} of {session.Sent.Count}");
    }

    [Fact]
    public void Video_goes_on_over_a_long_way_with_loss()
    {
        var network = new SimulatedNetwork { Loss = 0.05, DelayMicros = 300_000, JitterMicros = 20_000 };
        using var session = new SimulatedSession(network, 31);
        session.Run(30);
        session.AssertDecodable();
        Assert.True(session.Arrived.Count > session.Sent.Count * 0.6, $"{session.Arrived.Count} of {session.Sent.Count}");
        Assert.InRange(session.Sender.RoundTripMicros, 600_000, 645_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Video_is_back_soon_after_a_blackout(bool nack)
    {
        var network = new SimulatedNetwork { BlackoutFrom = 5_000_000, BlackoutTo = 7_000_000, DelayMicros = 25_000 };
        using var session = new SimulatedSession(network, 41, nack: nack);
        session.Run(12);
        session.AssertDecodable();
        var back = session.Arrived.First(frame => frame.At > 7_000_000).At;
        Assert.InRange(back, 7_000_000, 7_600_000);
        Assert.True(session.Arrived.Count(frame => frame.At > 8_000_000) > 140);
    }

    [Fact]
    public void Without_retransmission_a_loss_costs_a_key_frame_and_no_more()
    {
        using var session = new SimulatedSession(new SimulatedNetwork { Loss = 0.005 }, 51, nack: false);
        session.Run(20);
        session.AssertDecodable();
        Assert.Equal(0, session.Sender.PacketsSentAgain);
        Assert.True(session.KeyFrameRequests > 3);
        Assert.True(session.Arrived.Count > session.Sent.Count * 0.6, $"{session.Arrived.Count} of {session.Sent.Count}");
    }

    [Fact]
    public void A_sender_that_ignores_requests_is_decoded_again_from_its_next_key_frame()
    {
        using var session = new SimulatedSession(new SimulatedNetwork { Loss = 0.01 }, 61, nack: false)
        {
            IgnoreKeyFrameRequests = true,
        };
        session.Run(30);
        session.AssertDecodable();
        Assert.True(session.Arrived.Count > session.Sent.Count * 0.1, $"{session.Arrived.Count} of {session.Sent.Count}");
        // Asking again and again is kept within bounds.
        Assert.InRange(session.Receiver.KeyFrameRequestsSent, 1, 130);
    }

    [Fact]
    public void The_bitrate_estimate_finds_a_bottleneck_and_stays_below_it()
    {
        using var session = new SimulatedSession(new SimulatedNetwork { BitsPerSecond = 1_500_000, DelayMicros = 25_000 }, 71);
        for (var i = 0; i < 60; i++)
        {
            session.FrameSize = (int)Math.Max(100, session.Sending.Transport.TargetBitrate / 8 / 30);
            session.Run(0.5);
        }
        session.AssertDecodable();
        Assert.InRange(session.Sending.Transport.TargetBitrate, 500_000, 1_900_000);
        Assert.True(session.Sending.Targets.Count > 3);
        Assert.True(session.Sending.Transport.TransportFeedbackReceived > 100);
    }

    [Fact]
    public void The_bitrate_estimate_rises_where_there_is_room()
    {
        using var session = new SimulatedSession(new SimulatedNetwork { DelayMicros = 20_000 }, 72);
        for (var i = 0; i < 40; i++)
        {
            session.FrameSize = (int)(session.Sending.Transport.TargetBitrate / 8 / 30);
            session.Run(0.5);
        }
        Assert.True(session.Sending.Transport.TargetBitrate > 5_000_000, $"{session.Sending.Transport.TargetBitrate}");
    }

    [Fact]
    public void The_receiver_estimates_the_bitrate_where_only_REMB_was_agreed()
    {
        using var session = new SimulatedSession(new SimulatedNetwork { BitsPerSecond = 800_000, DelayMicros = 25_000 }, 73,
            transportFeedback: false, remb: true);
        for (var i = 0; i < 40; i++)
        {
            session.FrameSize = (int)Math.Max(100, session.Sending.Transport.TargetBitrate / 8 / 30);
            session.Run(0.5);
        }
        Assert.InRange(session.Sending.Transport.TargetBitrate, 200_000, 1_000_000);
    }

    [Fact]
    public void Loss_alone_in_reports_lowers_the_bitrate()
    {
        using var session = new SimulatedSession(new SimulatedNetwork { Loss = 0.2 }, 74, transportFeedback: false);
        session.Run(10);
        Assert.True(session.Sending.Transport.TargetBitrate < 1_500_000);
        Assert.InRange(session.Sender.FractionLost, 0.05, 0.4);
    }
}
