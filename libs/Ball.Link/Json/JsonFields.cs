using System.Text;
using System.Text.Json;

namespace Ball.Link.Json;

/// <summary>
/// Reads the members of one JSON object, in order, without allocating and without ever throwing: what peers send is not to be
/// trusted, and an exception per bad message would be a gift to whoever sends them.
/// </summary>
internal ref struct JsonFields
{
    const int MaxDepth = 32;

    readonly ReadOnlySpan<byte> text;
    int at;
    bool first;

    public JsonFields(ReadOnlySpan<byte> text)
    {
        this.text = text;
        first = true;
        SkipSpace();
        if (at < text.Length && text[at] == '{')
            at++;
        else
            at = -1;
    }

    /// <summary>Whether, after the last member, the text was one well-formed object and nothing else.</summary>
    public bool Complete { get; private set; }

    /// <summary>
    /// The next member. A string's value is what stands between its quotes, still escaped; that of an object or array is its
    /// raw text.
    /// </summary>
    public bool Next(out ReadOnlySpan<byte> name, out JsonValueKind kind, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        kind = JsonValueKind.Undefined;
        if (at < 0)
            return false;
        if (Take('}'))
            return End();
        if (!first && !Take(','))
            return Fail();
        first = false;
        if (!String(out name) || !Take(':') || !Value(out kind, out value))
            return Fail();
        return true;
    }

    /// <summary>A JSON number that is a whole number, even where its writer spelt it `3000.0` or `3e3`.</summary>
    public static bool TryWhole(ReadOnlySpan<byte> number, out long value)
    {
        if (long.TryParse(number, System.Globalization.NumberStyles.AllowLeadingSign, null, out value))
            return true;
        if (TryNumber(number, out double real) && Math.Abs(real) < 9e15 && Math.Truncate(real) == real)
        {
            value = (long)real;
            return true;
        }
        value = 0;
        return false;
    }

    public static bool TryNumber(ReadOnlySpan<byte> number, out double value) =>
        double.TryParse(number, System.Globalization.NumberStyles.Float, null, out value) && double.IsFinite(value);

    /// <summary>The text of a string value. False for an escape that JSON does not have.</summary>
    public static bool TryUnescape(ReadOnlySpan<byte> raw, out string text)
    {
        text = "";
        if (raw.IndexOf((byte)'\\') < 0)
        {
            text = Encoding.UTF8.GetString(raw);
            return true;
        }
        var builder = new StringBuilder(raw.Length);
        while (raw.Length > 0)
        {
            int slash = raw.IndexOf((byte)'\\');
            if (slash < 0)
                slash = raw.Length;
            if (slash > 0)
                builder.Append(Encoding.UTF8.GetString(raw[..slash]));
            raw = raw[slash..];
            if (raw.Length == 0)
                break;
            if (raw.Length < 2)
                return false;
            int length = 2;
            switch ((char)raw[1])
            {
                case '"': builder.Append('"'); break;
                case '\\': builder.Append('\\'); break;
                case '/': builder.Append('/'); break;
                case 'b': builder.Append('\b'); break;
                case 'f': builder.Append('\f'); break;
                case 'n': builder.Append('\n'); break;
                case 'r': builder.Append('\r'); break;
                case 't': builder.Append('\t'); break;
                case 'u' when raw.Length >= 6 && ushort.TryParse(raw.Slice(2, 4),
                    System.Globalization.NumberStyles.AllowHexSpecifier, null, out ushort unit):
                    builder.Append((char)unit);
                    length = 6;
                    break;
                default: return false;
            }
            raw = raw[length..];
        }
        text = builder.ToString();
        return true;
    }

    bool End()
    {
        SkipSpace();
        Complete = at == text.Length;
        at = -1;
        return false;
    }

    bool Fail()
    {
        at = -1;
        return false;
    }

    void SkipSpace()
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            at++;
    }

    bool Take(char expected)
    {
        SkipSpace();
        if (at >= text.Length || text[at] != expected)
            return false;
        at++;
        return true;
    }

    bool String(out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!Take('"'))
            return false;
        int start = at;
        while (at < text.Length)
        {
            byte b = text[at];
            if (b == '"')
            {
                content = text[start..at++];
                return true;
            }
            if (b < 0x20)
                return false;
            at += b == '\\' ? 2 : 1;
        }
        return false;
    }

    bool Value(out JsonValueKind kind, out ReadOnlySpan<byte> value)
    {
        SkipSpace();
        kind = JsonValueKind.Undefined;
        value = default;
        if (at >= text.Length)
            return false;
        int start = at;
        switch (text[at])
        {
            case (byte)'"':
                kind = JsonValueKind.String;
                return String(out value);
            case (byte)'{' or (byte)'[':
                kind = text[at] == '{' ? JsonValueKind.Object : JsonValueKind.Array;
                bool closed = SkipNested();
                value = text[start..Math.Min(at, text.Length)];
                return closed;
            case (byte)'t':
                kind = JsonValueKind.True;
                return Literal("true"u8, out value);
            case (byte)'f':
                kind = JsonValueKind.False;
                return Literal("false"u8, out value);
            case (byte)'n':
                kind = JsonValueKind.Null;
                return Literal("null"u8, out value);
        }
        kind = JsonValueKind.Number;
        if (text[at] == '-')
            at++;
        int digits = at;
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9' or (byte)'.' or (byte)'e' or (byte)'E'
            or (byte)'+' or (byte)'-')
            at++;
        value = text[start..at];
        return at > digits && text[digits] is >= (byte)'0' and <= (byte)'9' && TryNumber(value, out _);
    }

    bool Literal(ReadOnlySpan<byte> word, out ReadOnlySpan<byte> value)
    {
        value = word;
        if (!text[at..].StartsWith(word))
            return false;
        at += word.Length;
        return true;
    }

    /// <summary>Nothing of ours is nested, so the inside of an object or array is skipped by its brackets only.</summary>
    bool SkipNested()
    {
        ulong objects = 0;
        int depth = 0;
        while (at < text.Length)
        {
            byte b = text[at];
            switch (b)
            {
                case (byte)'"':
                    if (!String(out _))
                        return false;
                    continue;
                case (byte)'{' or (byte)'[':
                    if (++depth > MaxDepth)
                        return false;
                    objects = objects << 1 | (b == '{' ? 1ul : 0);
                    break;
                case (byte)'}' or (byte)']':
                    if ((objects & 1) != (b == '}' ? 1ul : 0))
                        return false;
                    objects >>= 1;
                    if (--depth == 0)
                    {
                        at++;
                        return true;
                    }
                    break;
            }
            at++;
        }
        return false;
    }
}
