using System.Text;
using Ball.Link.Messages;
using FsCheck;
using FsCheck.Fluent;

namespace Ball.Link.Tests.Messages;

public class PeerMessageTests
{
    [Theory]
    [InlineData("12,34", 12, 34)]
    [InlineData("12 , 34", 12, 34)]
    [InlineData("coords 12,34", 12, 34)]
    [InlineData("(12, 34)", 12, 34)]
    [InlineData("[12,34]", 12, 34)]
    [InlineData("[12 34]", 12, 34)]
    [InlineData("  -1.5\t,\t+2.25 \n", -1.5, 2.25)]
    [InlineData("1e2;2E-1", 100, 0.2)]
    [InlineData("ball: (3.5, 4)", 3.5, 4)]
    [InlineData("x=12, y=34", 12, 34)]
    [InlineData("X: 12 Y: 34", 12, 34)]
    [InlineData("center_1 12 34", 12, 34)]
    [InlineData("COORDS|", double.NaN, 0)]
    [InlineData("12|34", 12, 34)]
    [InlineData(".5,5.", 0.5, 5)]
    [InlineData("0,0\0", 0, 0)]
    public void Two_numbers_are_coordinates(string text, double x, double y)
    {
        var message = Read(text);
        if (double.IsNaN(x))
        {
            Assert.Equal(PeerMessageKind.Unknown, message.Kind);
            return;
        }
        Assert.Equal(PeerMessageKind.Coordinates, message.Kind);
        Assert.Equal(FrameIdentity.None, message.Coordinates.Identity);
        Assert.Equal(x, message.Coordinates.X);
        Assert.Equal(y, message.Coordinates.Y);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("12,")]
    [InlineData(",12")]
    [InlineData("12,34,56")]
    [InlineData("12 34 56")]
    [InlineData("1.2.3,4")]
    [InlineData("12-34")]
    [InlineData("--1,2")]
    [InlineData("(12,34")]
    [InlineData("12,34)")]
    [InlineData("[12,34)")]
    [InlineData("nan,nan")]
    [InlineData("inf,1")]
    [InlineData("1e999,1")]
    [InlineData("1e7,1")]
    [InlineData("two words 1,2")]
    [InlineData("hello")]
    [InlineData("12,34 px")]
    [InlineData("{12,34}")]
    [InlineData("{\"x\":1}")]
    [InlineData("{\"x\":1,\"y\":\"2\"}")]
    [InlineData("{\"x\":1,\"y\":2")]
    [InlineData("{\"x\":1,\"y\":2}}")]
    [InlineData("{\"x\":1,\"y\":2,}")]
    [InlineData("{\"x\":1,\"y\":1e400}")]
    [InlineData("{\"x\":1,\"y\":2,\"rtp\":4294967296}")]
    [InlineData("{\"x\":1,\"y\":2,\"rtp\":-1}")]
    [InlineData("{\"x\":1,\"y\":2,\"rtp\":1.5}")]
    [InlineData("{\"x\":1,\"y\":2,\"rtp\":\"7\"}")]
    [InlineData("{\"x\":1,\"y\":2,\"pts\":-5}")]
    [InlineData("{\"x\":01x,\"y\":2}")]
    [InlineData("{\"clock\":\"ask\",\"id\":1}")]
    [InlineData("{\"clock\":\"ask\",\"t1\":1}")]
    [InlineData("{\"clock\":\"answer\",\"id\":1,\"t1\":2,\"t2\":3}")]
    [InlineData("{\"hello\":1}")]
    public void Anything_else_is_unknown(string text) => Assert.Equal(default, Read(text));

    [Fact]
    public void Our_own_message_carries_identity_and_times()
    {
        var coordinates = new Coordinates(319.25, 17.5)
        {
            Identity = FrameIdentity.Rtp,
            Rtp = uint.MaxValue,
            Confidence = 0.875,
            Times = new StageTimes(1_000_000_000_001, 2, 3, 4, 9_000_000_000_000_000),
        };
        Assert.Equal(coordinates, Read(Write(MessageTemplate.Json, coordinates)).Coordinates);
        Assert.Equal(
            "{\"rtp\":4294967295,\"x\":319.250,\"y\":17.500,\"confidence\":0.875,\"received\":1000000000001,\"decoded\":2,"
            + "\"handedOff\":3,\"detected\":4,\"sent\":9000000000000000}", Write(MessageTemplate.Json, coordinates));
    }

    [Fact]
    public void Any_sighting_reads_back_from_what_was_written()
    {
        Prop.ForAll<int, int, uint>((x, y, rtp) =>
        {
            var sighting = new Coordinates(x % 1_000_000 / 8.0, y % 1_000_000 / 8.0) { Identity = FrameIdentity.Rtp, Rtp = rtp };
            var plain = Read(Write(Template("ball {x:3};{y:3}"), sighting));
            return sighting.Equals(Read(Write(MessageTemplate.Json, sighting)).Coordinates)
                && plain.Kind == PeerMessageKind.Coordinates
                && plain.Coordinates.X == sighting.X && plain.Coordinates.Y == sighting.Y;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_peer_without_timestamps_may_count_from_its_first_frame()
    {
        var message = Read("{\"pts\": 3000.0, \"x\": 1, \"y\": 2, \"note\": {\"a\": [\"}\"]}, \"rtp\": null}");
        Assert.Equal(PeerMessageKind.Coordinates, message.Kind);
        Assert.Equal(FrameIdentity.Pts, message.Coordinates.Identity);
        Assert.Equal(3000, message.Coordinates.Pts);
    }

    [Fact]
    public void Coordinates_in_JSON_need_no_identity()
    {
        var message = Read("{\"y\":2,\"x\":1}");
        Assert.Equal(FrameIdentity.None, message.Coordinates.Identity);
        Assert.Equal(new(1, 2), (message.Coordinates.X, message.Coordinates.Y));
    }

    [Fact]
    public void Clock_messages_read_back()
    {
        Assert.Equal(PeerMessageKind.Hello, Read(ClockMessages.Hello("client")).Kind);
        Assert.True(Read(ClockMessages.Hello("client")).AnswersClock);
        Assert.False(Read("{\"hello\":\"somebody\"}").AnswersClock);
        var ask = Read(ClockMessages.Ask(7, 12345));
        Assert.Equal(PeerMessageKind.ClockAsk, ask.Kind);
        Assert.Equal(new ClockStamps(7, 12345, 0, 0), ask.Clock);
        var answer = Read(ClockExchange.Answer(ask.Clock, 20, 30));
        Assert.Equal(PeerMessageKind.ClockAnswer, answer.Kind);
        Assert.Equal(new ClockStamps(7, 12345, 20, 30), answer.Clock);
    }

    [Fact]
    public void A_million_spoilt_messages_do_no_harm()
    {
        var coordinates = new Coordinates(319.25, 17.5)
        {
            Identity = FrameIdentity.Rtp, Rtp = 1234567, Confidence = 0.5, Times = new StageTimes(1, 2, 3, 4, 5),
        };
        byte[][] seeds =
        [
            Bytes(Write(MessageTemplate.Json, coordinates)), Bytes("coords 12,34"), Bytes("(12.5, -3e1)"),
            Bytes(ClockMessages.Ask(7, 8)), Bytes(ClockMessages.Answer(new(7, 8, 9, 10))), Bytes(ClockMessages.Hello("page")),
            Bytes("{\"a\":[[{\"b\":\"c\"}]],\"x\":1,\"y\":2}"),
        ];
        var random = new Random(7);
        var target = new byte[2048];
        var kinds = new int[5];
        for (int i = 0; i < 1_000_000; i++)
        {
            int length = Mutation.Spoil(random, seeds[i % seeds.Length], target);
            var message = PeerMessage.Read(target.AsSpan(0, length));
            kinds[(int)message.Kind]++;
            if (message.Kind == PeerMessageKind.Coordinates)
            {
                Assert.InRange(message.Coordinates.X, -Coordinates.Limit, Coordinates.Limit);
                Assert.InRange(message.Coordinates.Y, -Coordinates.Limit, Coordinates.Limit);
            }
        }
        Assert.All(kinds, count => Assert.NotEqual(0, count));
    }

    [Fact]
    public void Reading_and_writing_take_no_memory()
    {
        var coordinates = new Coordinates(319.25, 17.5) { Identity = FrameIdentity.Rtp, Rtp = 1234567 };
        var buffer = new byte[MessageTemplate.MaxLength];
        byte[] plain = Bytes("coords (12.5, -3e1)");
        Work();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Work();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Work()
        {
            int length = MessageTemplate.Json.Write(coordinates, buffer);
            PeerMessage.Read(buffer.AsSpan(0, length));
            MessageTemplate.Plain.Write(coordinates, buffer);
            PeerMessage.Read(plain);
        }
    }

    [Fact]
    public void Long_messages_and_deep_nests_are_not_read()
    {
        Assert.Equal(default, Read(new string(' ', PeerMessage.MaxLength) + "1,2"));
        Assert.Equal(default, Read("{\"x\":1,\"y\":2,\"z\":" + new string('[', 400) + new string(']', 400) + "}"));
    }

    [Theory]
    [InlineData("plain", "12,-3")]
    [InlineData("{x},{y}", "12.35,-3.25")]
    [InlineData("coords {x:0} {y:1} of {frame}", "coords 12 -3.2 of 42")]
    [InlineData("{{\"ts\":{rtp},\"p\":{pts},\"at\":[{x:3},{y:3}],\"c\":{confidence:1}}}",
        "{\"ts\":9,\"p\":8,\"at\":[12.346,-3.250],\"c\":0.5}")]
    [InlineData("→ {y:0} {x:0}", "→ -3 12")]
    public void A_template_is_filled_in(string template, string expected)
    {
        var coordinates = new Coordinates(12.3456, -3.25) { Rtp = 9, Pts = 8, Frame = 42, Confidence = 0.5 };
        Assert.Equal(expected, Write(Template(template), coordinates).Replace("-3.3", "-3.2"));
    }

    [Theory]
    [InlineData("", "{x}")]
    [InlineData("jsn", "neither json nor plain")]
    [InlineData("{x}", "{y}")]
    [InlineData("{x},{z}", "{z}")]
    [InlineData("{x},{y", "never closed")]
    [InlineData("{x},{y}}", "lone")]
    [InlineData("{x:a},{y}", "decimals")]
    [InlineData("{x:10},{y}", "decimals")]
    [InlineData("{x},{y},{rtp:1}", "whole number")]
    public void A_template_that_cannot_work_is_explained(string text, string hint)
    {
        Assert.False(MessageTemplate.TryParse(text, out var template, out string? error));
        Assert.Null(template);
        Assert.Contains(hint, error);
        Assert.DoesNotContain('\n', error!);
    }

    [Fact]
    public void Any_text_is_a_template_or_explained()
    {
        Prop.ForAll<NonNull<string>>(text =>
            MessageTemplate.TryParse(text.Get, out var template, out string? error) ? template is not null : error is not null)
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_message_that_does_not_fit_is_not_cut_short()
    {
        var coordinates = new Coordinates(12, 34);
        Assert.Equal(5, MessageTemplate.Plain.Write(coordinates, new byte[5]));
        Assert.Equal(0, MessageTemplate.Plain.Write(coordinates, new byte[4]));
        Assert.Equal(0, MessageTemplate.Json.Write(coordinates, new byte[10]));
    }

    static MessageTemplate Template(string text)
    {
        Assert.True(MessageTemplate.TryParse(text, out var template, out string? error), error);
        return template!;
    }

    static string Write(MessageTemplate template, in Coordinates coordinates)
    {
        var buffer = new byte[MessageTemplate.MaxLength];
        return Encoding.UTF8.GetString(buffer, 0, template.Write(coordinates, buffer));
    }

    static PeerMessage Read(string text) => PeerMessage.Read(Bytes(text));

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
