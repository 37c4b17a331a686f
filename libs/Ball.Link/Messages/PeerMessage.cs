using System.Text.Json;
using Ball.Link.Json;

namespace Ball.Link.Messages;

/// <summary>One text message on the data channel, understood as far as it can be.</summary>
public readonly record struct PeerMessage
{
    /// <summary>What is longer is not read at all.</summary>
    public const int MaxLength = 1024;

    /// <summary>The version of the messages that is written here.</summary>
    public const int Version = 1;

    public PeerMessageKind Kind { get; private init; }

    public Coordinates Coordinates { get; private init; }

    public ClockStamps Clock { get; private init; }

    /// <summary>Of a hello: whether the peer answers questions for its clock.</summary>
    public bool AnswersClock { get; private init; }

    /// <summary>Reads a message; whatever it is, this neither throws nor allocates.</summary>
    public static PeerMessage Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
            return default;
        int start = 0;
        while (start < utf8.Length && utf8[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            start++;
        if (start < utf8.Length && utf8[start] == '{')
            return ReadJson(utf8);
        return PlainCoordinates.TryParse(utf8, out var coordinates)
            ? new PeerMessage { Kind = PeerMessageKind.Coordinates, Coordinates = coordinates }
            : default;
    }

    static PeerMessage ReadJson(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json);
        var found = default(Found);
        while (fields.Next(out var name, out var kind, out var value))
            found.Take(name, kind, value);
        return fields.Complete ? found.Message() : default;
    }

    /// <summary>What has been seen of a message so far.</summary>
    struct Found
    {
        bool hasX, hasY, hasRtp, hasPts, hasId, hasT1, hasT2, hasT3, bad, hello, clock, ask, answer;
        double x, y, confidence;
        long rtp, pts, frame, id, t1, t2, t3, received, decoded, handed, detected, sent;
        bool hasConfidence;

        public void Take(ReadOnlySpan<byte> name, JsonValueKind kind, ReadOnlySpan<byte> value)
        {
            switch (name.Length)
            {
                case 1 when name[0] == 'x': hasX = Real(kind, value, out x); break;
                case 1 when name[0] == 'y': hasY = Real(kind, value, out y); break;
                case 2 when name.SequenceEqual("id"u8): hasId = Whole(kind, value, out id); break;
                case 2 when name.SequenceEqual("t1"u8): hasT1 = Whole(kind, value, out t1); break;
                case 2 when name.SequenceEqual("t2"u8): hasT2 = Whole(kind, value, out t2); break;
                case 2 when name.SequenceEqual("t3"u8): hasT3 = Whole(kind, value, out t3); break;
                // A null identity is none; one that cannot be read makes the message worthless.
                case 3 when name.SequenceEqual("rtp"u8) && kind != JsonValueKind.Null:
                    hasRtp = Whole(kind, value, out rtp);
                    bad |= !hasRtp || rtp is < 0 or > uint.MaxValue;
                    break;
                case 3 when name.SequenceEqual("pts"u8) && kind != JsonValueKind.Null:
                    hasPts = Whole(kind, value, out pts);
                    bad |= !hasPts || pts < 0;
                    break;
                case 4 when name.SequenceEqual("sent"u8): Time(kind, value, out sent); break;
                case 5 when name.SequenceEqual("frame"u8): Whole(kind, value, out frame); break;
                case 5 when name.SequenceEqual("hello"u8): hello = kind == JsonValueKind.String; break;
                case 5 when name.SequenceEqual("clock"u8):
                    clock = kind == JsonValueKind.True;
                    ask = kind == JsonValueKind.String && value.SequenceEqual("ask"u8);
                    answer = kind == JsonValueKind.String && value.SequenceEqual("answer"u8);
                    break;
                case 7 when name.SequenceEqual("decoded"u8): Time(kind, value, out decoded); break;
                case 8 when name.SequenceEqual("received"u8): Time(kind, value, out received); break;
                case 8 when name.SequenceEqual("detected"u8): Time(kind, value, out detected); break;
                case 9 when name.SequenceEqual("handedOff"u8): Time(kind, value, out handed); break;
                case 10 when name.SequenceEqual("confidence"u8): hasConfidence = Real(kind, value, out confidence); break;
            }
        }

        public readonly PeerMessage Message()
        {
            if (hello)
                return new PeerMessage { Kind = PeerMessageKind.Hello, AnswersClock = clock };
            bool named = hasId && id is >= 0 and <= uint.MaxValue && hasT1;
            if (ask)
                return named ? Exchange(PeerMessageKind.ClockAsk) : default;
            if (answer)
                return named && hasT2 && hasT3 ? Exchange(PeerMessageKind.ClockAnswer) : default;
            if (!hasX || !hasY || bad || Math.Abs(x) > Coordinates.Limit || Math.Abs(y) > Coordinates.Limit)
                return default;
            return new PeerMessage
            {
                Kind = PeerMessageKind.Coordinates,
                Coordinates = new Coordinates(x, y)
                {
                    Identity = hasRtp ? FrameIdentity.Rtp : hasPts ? FrameIdentity.Pts : FrameIdentity.None,
                    Rtp = (uint)rtp,
                    Pts = pts,
                    Frame = frame,
                    Confidence = hasConfidence ? Math.Clamp(confidence, 0, 1) : double.NaN,
                    Times = new StageTimes(received, decoded, handed, detected, sent),
                },
            };
        }

        readonly PeerMessage Exchange(PeerMessageKind kind) =>
            new() { Kind = kind, Clock = new ClockStamps((uint)id, t1, t2, t3) };

        static bool Real(JsonValueKind kind, ReadOnlySpan<byte> value, out double number)
        {
            number = 0;
            return kind == JsonValueKind.Number && JsonFields.TryNumber(value, out number);
        }

        static bool Whole(JsonValueKind kind, ReadOnlySpan<byte> value, out long number)
        {
            number = 0;
            return kind == JsonValueKind.Number && JsonFields.TryWhole(value, out number);
        }

        static void Time(JsonValueKind kind, ReadOnlySpan<byte> value, out long time)
        {
            if (!Whole(kind, value, out time) || time < 0)
                time = 0;
        }
    }
}
