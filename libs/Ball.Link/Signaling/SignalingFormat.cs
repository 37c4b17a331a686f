using System.Buffers;
using System.Text;
using System.Text.Json;
using Ball.Link.Json;

namespace Ball.Link.Signaling;

/// <summary>
/// The text of signalling messages, as aiortc writes and reads them: one JSON object a line. Also right for WebSocket and
/// WebTransport, one object a message.
/// </summary>
public static class SignalingFormat
{
    /// <summary>The longest line, with its end, that is sent or accepted. aiortc's reader gives up beyond it.</summary>
    public const int MaxLine = 64 * 1024;

    /// <summary>The message as one line of UTF-8, with its end.</summary>
    /// <exception cref="SignalingException">It is longer than a peer would accept.</exception>
    public static byte[] ToLine(SignalingMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        // Nothing but JSON's own escapes: the text goes to peers, never into a page.
        var options = new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            switch (message)
            {
                case DescriptionMessage description:
                    json.WriteString("sdp"u8, description.Sdp);
                    json.WriteString("type"u8, description.Kind == DescriptionKind.Offer ? "offer"u8 : "answer"u8);
                    break;
                case CandidateMessage candidate:
                    json.WriteString("candidate"u8, candidate.Candidate);
                    json.WriteString("id"u8, candidate.Mid);
                    json.WriteNumber("label"u8, candidate.LineIndex);
                    json.WriteString("type"u8, "candidate"u8);
                    break;
                default:
                    json.WriteString("type"u8, "bye"u8);
                    break;
            }
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        if (buffer.WrittenCount > MaxLine)
        {
            throw new SignalingException(
                $"The {Name(message)} takes {buffer.WrittenCount} bytes, and peers accept {MaxLine} a line.");
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads one line. True with null: well-formed, but of a kind that is not known, or the empty candidate that ends a list;
    /// to be skipped. False: not signalling at all, and why.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out SignalingMessage? message, out string? error)
    {
        message = null;
        var fields = new JsonFields(line);
        ReadOnlySpan<byte> type = default, sdp = default, candidate = default, mid = default;
        long index = 0;
        while (fields.Next(out var name, out var kind, out var value))
        {
            bool isText = kind == JsonValueKind.String;
            if (name.SequenceEqual("type"u8) && isText)
                type = value;
            else if (name.SequenceEqual("sdp"u8) && isText)
                sdp = value;
            else if (name.SequenceEqual("candidate"u8) && isText)
                candidate = value;
            else if ((name.SequenceEqual("id"u8) || name.SequenceEqual("sdpMid"u8)) && isText)
                mid = value;
            else if ((name.SequenceEqual("label"u8) || name.SequenceEqual("sdpMLineIndex"u8))
                && kind == JsonValueKind.Number && (!JsonFields.TryWhole(value, out index) || index is < 0 or > ushort.MaxValue))
                return Refuse("a candidate's label is no m-line index", out error);
        }
        if (!fields.Complete)
            return Refuse($"not one JSON object: {Excerpt(line)}", out error);

        error = null;
        bool isOffer = type.SequenceEqual("offer"u8);
        if (isOffer || type.SequenceEqual("answer"u8))
        {
            if (sdp.IsEmpty || !JsonFields.TryUnescape(sdp, out string text))
                return Refuse("a description without readable sdp", out error);
            message = new DescriptionMessage(isOffer ? DescriptionKind.Offer : DescriptionKind.Answer, text);
        }
        else if (type.SequenceEqual("candidate"u8) || type.IsEmpty && !candidate.IsEmpty)
        {
            if (candidate.IsEmpty)
                return true;
            string? midText = null;
            if (!JsonFields.TryUnescape(candidate, out string text) || !mid.IsEmpty && !JsonFields.TryUnescape(mid, out midText))
                return Refuse("a candidate with unreadable text", out error);
            message = new CandidateMessage(text, midText, (int)index);
        }
        else if (type.SequenceEqual("bye"u8))
        {
            message = ByeMessage.Instance;
        }
        return true;
    }

    internal static string Name(SignalingMessage message) => message switch
    {
        DescriptionMessage { Kind: DescriptionKind.Offer } => "offer",
        DescriptionMessage => "answer",
        CandidateMessage => "candidate",
        _ => "bye",
    };

    static bool Refuse(string why, out string? error)
    {
        error = why;
        return false;
    }

    static string Excerpt(ReadOnlySpan<byte> line)
    {
        var text = new StringBuilder();
        foreach (byte b in line[..Math.Min(line.Length, 40)])
            text.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
        return line.Length > 40 ? $"'{text}…'" : $"'{text}'";
    }
}
