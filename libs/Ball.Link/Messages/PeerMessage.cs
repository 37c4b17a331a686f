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
        bool _hasX, _hasY, _hasRtp, _hasPts, _hasId, _hasT1, _hasT2, _hasT3, _bad, _hello, _clock, _ask, _answer;
        double _x, _y, _confidence;
        long _rtp, _pts, _frame, _id, _t1, _t2, _t3, _received, _decoded, _handed, _detected, _sent;
        bool _hasConfidence;

        public void Take(ReadOnlySpan<byte> name, JsonValueKind kind, ReadOnlySpan<byte> value)
        {
            switch (name.Length)
            {
                case 1 when name[0] == 'x': _hasX = Real(kind, value, out _x); break;
                case 1 when name[0] == 'y': _hasY = Real(kind, value, out _y); break;
                case 2 when name.SequenceEqual("id"u8): _hasId = Whole(kind, value, out _id); break;
                case 2 when name.SequenceEqual("t1"u8): _hasT1 = Whole(kind, value, out _t1); break;
                case 2 when name.SequenceEqual("t2"u8): _hasT2 = Whole(kind, value, out _t2); break;
                case 2 when name.SequenceEqual("t3"u8): _hasT3 = Whole(kind, value, out _t3); break;
                // A null identity is none; one that cannot be read makes the message worthless.
                case 3 when name.SequenceEqual("rtp"u8) && kind != JsonValueKind.Null:
                    _hasRtp = Whole(kind, value, out _rtp);
                    _bad |= !_hasRtp || _rtp is < 0 or > uint.MaxValue;
                    break;
                case 3 when name.SequenceEqual("pts"u8) && kind != JsonValueKind.Null:
                    _hasPts = Whole(kind, value, out _pts);
                    _bad |= !_hasPts || _pts < 0;
                    break;
                case 4 when name.SequenceEqual("sent"u8): Time(kind, value, out _sent); break;
                case 5 when name.SequenceEqual("frame"u8): Whole(kind, value, out _frame); break;
                case 5 when name.SequenceEqual("hello"u8): _hello = kind == JsonValueKind.String; break;
                case 5 when name.SequenceEqual("clock"u8):
                    _clock = kind == JsonValueKind.True;
                    _ask = kind == JsonValueKind.String && value.SequenceEqual("ask"u8);
                    _answer = kind == JsonValueKind.String && value.SequenceEqual("answer"u8);
                    break;
                case 7 when name.SequenceEqual("decoded"u8): Time(kind, value, out _decoded); break;
                case 8 when name.SequenceEqual("received"u8): Time(kind, value, out _received); break;
                case 8 when name.SequenceEqual("detected"u8): Time(kind, value, out _detected); break;
                case 9 when name.SequenceEqual("handedOff"u8): Time(kind, value, out _handed); break;
                case 10 when name.SequenceEqual("confidence"u8): _hasConfidence = Real(kind, value, out _confidence); break;
            }
        }

        public readonly PeerMessage Message()
        {
            if (_hello)
                return new PeerMessage { Kind = PeerMessageKind.Hello, AnswersClock = _clock };
            bool named = _hasId && _id is >= 0 and <= uint.MaxValue && _hasT1;
            if (_ask)
                return named ? Exchange(PeerMessageKind.ClockAsk) : default;
            if (_answer)
                return named && _hasT2 && _hasT3 ? Exchange(PeerMessageKind.ClockAnswer) : default;
            if (!_hasX || !_hasY || _bad || Math.Abs(_x) > Coordinates.Limit || Math.Abs(_y) > Coordinates.Limit)
                return default;
            return new PeerMessage
            {
                Kind = PeerMessageKind.Coordinates,
                Coordinates = new Coordinates(_x, _y)
                {
                    Identity = _hasRtp ? FrameIdentity.Rtp : _hasPts ? FrameIdentity.Pts : FrameIdentity.None,
                    Rtp = (uint)_rtp,
                    Pts = _pts,
                    Frame = _frame,
                    Confidence = _hasConfidence ? Math.Clamp(_confidence, 0, 1) : double.NaN,
                    Times = new StageTimes(_received, _decoded, _handed, _detected, _sent),
                },
            };
        }

        readonly PeerMessage Exchange(PeerMessageKind kind) =>
            new() { Kind = kind, Clock = new ClockStamps((uint)_id, _t1, _t2, _t3) };

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
