using System.Text;
using Ball.Link.Signaling;
using FsCheck;
using FsCheck.Fluent;

namespace Ball.Link.Tests.Signaling;

public class SignalingFormatTests
{
    static readonly SignalingMessage[] s_samples =
    [
        new DescriptionMessage(DescriptionKind.Offer, "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\n"),
        new DescriptionMessage(DescriptionKind.Answer, "quoted \"word\", back\\slash, tab\t, ünïcödé 🏀\r\n"),
        new CandidateMessage("candidate:1 1 udp 2130706431 192.168.1.2 50000 typ host", "0", 3),
        new CandidateMessage("candidate:x", null, 0),
        ByeMessage.Instance,
    ];

    [Fact]
    public void What_is_written_reads_back()
    {
        foreach (var sample in s_samples)
            Assert.Equal(sample, RoundTrip(sample));
    }

    [Fact]
    public void Any_description_survives_the_wire()
    {
        Prop.ForAll<NonNull<string>>(text =>
        {
            // Half a surrogate pair is no text, and cannot travel as UTF-8.
            string sdp = "v" + Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
            var message = new DescriptionMessage(DescriptionKind.Offer, sdp);
            return message.Equals(RoundTrip(message));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Lines_are_those_of_aiortc()
    {
        Assert.Equal("{\"sdp\":\"v=0\\r\\n\",\"type\":\"offer\"}\n",
            Encoding.UTF8.GetString(SignalingFormat.ToLine(new DescriptionMessage(DescriptionKind.Offer, "v=0\r\n"))));
        Assert.Equal(
            "{\"candidate\":\"candidate:1 1 udp 1 10.0.0.1 9 typ host\",\"id\":\"0\",\"label\":0,\"type\":\"candidate\"}\n",
            Encoding.UTF8.GetString(SignalingFormat.ToLine(
                new CandidateMessage("candidate:1 1 udp 1 10.0.0.1 9 typ host", "0", 0))));
        Assert.Equal("{\"type\":\"bye\"}\n", Encoding.UTF8.GetString(SignalingFormat.ToLine(ByeMessage.Instance)));
    }

    [Theory]
    [InlineData("{\"sdp\": \"v=0\\u0041\\ud83c\\udfc0\\/\", \"type\": \"offer\", \"later\": {\"a\": [1, \"]}\"]}}", "v=0A🏀/")]
    [InlineData(" { \"type\" : \"offer\" , \"sdp\" : \"x\" } \r", "x")]
    public void Python_and_strangers_are_understood(string line, string sdp)
    {
        Assert.True(SignalingFormat.TryParse(Encoding.UTF8.GetBytes(line), out var message, out _));
        Assert.Equal(new DescriptionMessage(DescriptionKind.Offer, sdp), message);
    }

    [Theory]
    [InlineData("{\"type\":\"news\",\"x\":1}")]
    [InlineData("{}")]
    [InlineData("{\"type\":\"candidate\",\"candidate\":\"\",\"id\":\"0\",\"label\":0}")]
    [InlineData("{\"type\":\"candidate\",\"candidate\":null}")]
    public void Unknown_kinds_and_ends_of_candidates_are_skipped(string line)
    {
        Assert.True(SignalingFormat.TryParse(Encoding.UTF8.GetBytes(line), out var message, out _));
        Assert.Null(message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("{\"type\":\"offer\"}")]
    [InlineData("{\"type\":\"offer\",\"sdp\":\"\"}")]
    [InlineData("{\"type\":\"offer\",\"sdp\":\"\\q\"}")]
    [InlineData("{\"type\":\"offer\",\"sdp\":\"x\"} more")]
    [InlineData("{\"type\":\"offer\",\"sdp\":\"x\",}")]
    [InlineData("{\"type\":\"offer\" \"sdp\":\"x\"}")]
    [InlineData("{\"type\":\"candidate\",\"candidate\":\"c\",\"label\":-1}")]
    [InlineData("{\"type\":\"candidate\",\"candidate\":\"c\",\"label\":1.5}")]
    public void Garbage_is_refused_with_a_reason(string line)
    {
        Assert.False(SignalingFormat.TryParse(Encoding.UTF8.GetBytes(line), out var message, out string? error));
        Assert.Null(message);
        Assert.NotEmpty(error!);
    }

    [Fact]
    public void A_description_that_no_peer_would_take_is_not_sent()
    {
        var message = new DescriptionMessage(DescriptionKind.Offer, new string('a', SignalingFormat.MaxLine));
        Assert.Contains("offer", Assert.Throws<SignalingException>(() => SignalingFormat.ToLine(message)).Message);
    }

    [Fact]
    public void A_million_spoilt_lines_do_no_harm()
    {
        var random = new Random(5);
        var target = new byte[4096];
        byte[][] seeds = [.. s_samples.Select(SignalingFormat.ToLine)];
        int refused = 0;
        for (int i = 0; i < 1_000_000; i++)
        {
            int length = Mutation.Spoil(random, seeds[i % seeds.Length], target);
            if (!SignalingFormat.TryParse(target.AsSpan(0, length), out _, out _))
                refused++;
        }
        Assert.InRange(refused, 300_000, 999_999);
    }

    static SignalingMessage? RoundTrip(SignalingMessage message)
    {
        byte[] line = SignalingFormat.ToLine(message);
        Assert.Equal((byte)'\n', line[^1]);
        Assert.Equal(line.Length - 1, Array.IndexOf(line, (byte)'\n'));
        Assert.True(SignalingFormat.TryParse(line.AsSpan(0, line.Length - 1), out var read, out string? error), error);
        return read;
    }
}
