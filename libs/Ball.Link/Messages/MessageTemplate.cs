using System.Globalization;
using System.Text;

namespace Ball.Link.Messages;

/// <summary>
/// How coordinates are written for a server: `json` for ours, `plain` for `x,y` in whole pixels, or a template such as
/// `coords {x:0},{y:0}` for any other.
/// </summary>
public sealed class MessageTemplate
{
    /// <summary>No message is longer.</summary>
    public const int MaxLength = PeerMessage.MaxLength;

    const int MaxDecimals = 9;

    static readonly string[] s_names = ["x", "y", "rtp", "pts", "frame", "confidence"];

    readonly Part[] _parts;

    MessageTemplate(string text, bool isJson, Part[] parts)
    {
        Text = text;
        IsJson = isJson;
        _parts = parts;
    }

    /// <summary>JSON with the frame's identity and the stage times.</summary>
    public static MessageTemplate Json { get; } = new("json", true, []);

    /// <summary>`x,y`, in whole pixels: what every program that splits at the comma can read.</summary>
    public static MessageTemplate Plain { get; } = new("plain", false, Compile("{x:0},{y:0}", out _)!);

    /// <summary>As it was given: `json`, `plain` or the template.</summary>
    public string Text { get; }

    /// <summary>Whether the peer is one of ours, that wants a hello and understands questions for clocks.</summary>
    public bool IsJson { get; }

    /// <summary>Reads what a person gave for --message.</summary>
    public static bool TryParse(string text, out MessageTemplate? template, out string? error)
    {
        error = null;
        template = text switch { "json" => Json, "plain" => Plain, _ => null };
        if (template is not null)
            return true;
        if (Compile(text, out error) is not { } parts)
            return false;
        template = new MessageTemplate(text, false, parts);
        return true;
    }

    /// <summary>Writes a message as UTF-8.</summary>
    /// <returns>How many bytes; 0 where they do not fit.</returns>
    public int Write(in Coordinates coordinates, Span<byte> target)
    {
        var writer = new Utf8Text(target);
        if (IsJson)
        {
            WriteJson(ref writer, coordinates);
            return writer.Length;
        }
        foreach (ref readonly Part part in _parts.AsSpan())
        {
            switch (part.Value)
            {
                case Value.Literal: writer.Add(part.Literal); break;
                case Value.X: writer.Add(coordinates.X, part.Decimals); break;
                case Value.Y: writer.Add(coordinates.Y, part.Decimals); break;
                case Value.Rtp: writer.Add(coordinates.Rtp); break;
                case Value.Pts: writer.Add(coordinates.Pts); break;
                case Value.Frame: writer.Add(coordinates.Frame); break;
                default: writer.Add(double.IsNaN(coordinates.Confidence) ? 1 : coordinates.Confidence, part.Decimals); break;
            }
        }
        return writer.Length;
    }

    static void WriteJson(ref Utf8Text writer, in Coordinates c)
    {
        writer.Add("{"u8);
        if (c.Identity == FrameIdentity.Rtp)
        {
            writer.Add("\"rtp\":"u8);
            writer.Add(c.Rtp);
            writer.Add(","u8);
        }
        else if (c.Identity == FrameIdentity.Pts)
        {
            writer.Add("\"pts\":"u8);
            writer.Add(c.Pts);
            writer.Add(","u8);
        }
        writer.Add("\"x\":"u8);
        writer.Add(c.X, 3);
        writer.Add(",\"y\":"u8);
        writer.Add(c.Y, 3);
        if (!double.IsNaN(c.Confidence))
        {
            writer.Add(",\"confidence\":"u8);
            writer.Add(c.Confidence, 3);
        }
        Time(ref writer, ",\"received\":"u8, c.Times.Received);
        Time(ref writer, ",\"decoded\":"u8, c.Times.Decoded);
        Time(ref writer, ",\"handedOff\":"u8, c.Times.HandedOff);
        Time(ref writer, ",\"detected\":"u8, c.Times.Detected);
        Time(ref writer, ",\"sent\":"u8, c.Times.Sent);
        writer.Add("}"u8);
    }

    static void Time(ref Utf8Text writer, ReadOnlySpan<byte> name, long time)
    {
        if (time == 0)
            return;
        writer.Add(name);
        writer.Add(time);
    }

    static Part[]? Compile(string text, out string? error)
    {
        var parts = new List<Part>();
        var literal = new StringBuilder();
        error = null;
        bool hasX = false, hasY = false;
        if (text.Length > MaxLength / 2)
        {
            error = $"the template has {text.Length} characters, {MaxLength / 2} are allowed";
            return null;
        }
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                literal.Append(c);
                i++;
                continue;
            }
            if (c == '}')
            {
                error = $"a lone '}}' at character {i + 1} (write '}}}}' for one)";
                return null;
            }
            if (c != '{')
            {
                literal.Append(c);
                continue;
            }
            int end = text.IndexOf('}', i);
            if (end < 0)
            {
                error = $"the '{{' at character {i + 1} is never closed (write '{{{{' for a brace)";
                return null;
            }
            if (!Placeholder(text[(i + 1)..end], out Part part, out error))
                return null;
            if (literal.Length > 0)
                parts.Add(new Part(Value.Literal, 0, Encoding.UTF8.GetBytes(literal.ToString())));
            literal.Clear();
            parts.Add(part);
            hasX |= part.Value == Value.X;
            hasY |= part.Value == Value.Y;
            i = end;
        }
        if (literal.Length > 0)
            parts.Add(new Part(Value.Literal, 0, Encoding.UTF8.GetBytes(literal.ToString())));
        if (!hasX || !hasY)
        {
            error = $"'{text}' is neither json nor plain, and as a template it needs {{x}} and {{y}}, "
                + "as in 'coords {x:0},{y:0}'";
            return null;
        }
        return [.. parts];
    }

    static bool Placeholder(string text, out Part part, out string? error)
    {
        error = null;
        part = default;
        int colon = text.IndexOf(':');
        string name = colon < 0 ? text : text[..colon];
        int index = Array.IndexOf(s_names, name);
        if (index < 0)
        {
            error = $"'{{{text}}}' is no placeholder; there are {string.Join(", ", s_names.Select(n => $"{{{n}}}"))}, "
                + "and {x:0} for whole pixels, {x:1} for one decimal";
            return false;
        }
        var value = (Value)(index + 1);
        int decimals = 2;
        if (colon >= 0)
        {
            bool isWhole = value is Value.Rtp or Value.Pts or Value.Frame;
            if (isWhole || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out decimals)
                || decimals > MaxDecimals)
            {
                error = isWhole
                    ? $"'{{{text}}}': {name} is a whole number, and takes no format"
                    : $"'{{{text}}}': after the colon comes the number of decimals, 0 to {MaxDecimals}";
                return false;
            }
        }
        part = new Part(value, decimals, []);
        return true;
    }

    /// <summary>In the order of <see cref="Names"/>, after the literal.</summary>
    enum Value : byte
    {
        Literal,
        X,
        Y,
        Rtp,
        Pts,
        Frame,
        Confidence,
    }

    readonly record struct Part(Value Value, int Decimals, byte[] Literal);
}
