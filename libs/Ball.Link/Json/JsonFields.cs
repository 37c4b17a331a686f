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

    readonly ReadOnlySpan<byte> _text;
    int _at;
    bool _first;

    public JsonFields(ReadOnlySpan<byte> text)
    {
        _text = text;
        _first = true;
        SkipSpace();
        if (_at < text.Length && text[_at] == '{')
            _at++;
        else
            _at = -1;
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
        if (_at < 0)
            return false;
        if (Take('}'))
            return End();
        if (!_first && !Take(','))
            return Fail();
        _first = false;
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
        Complete = _at == _text.Length;
        _at = -1;
        return false;
    }

    bool Fail()
    {
        _at = -1;
        return false;
    }

    void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            _at++;
    }

    bool Take(char expected)
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] != expected)
            return false;
        _at++;
        return true;
    }

    bool String(out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!Take('"'))
            return false;
        int start = _at;
        while (_at < _text.Length)
        {
            byte b = _text[_at];
            if (b == '"')
            {
                content = _text[start.._at++];
                return true;
            }
            if (b < 0x20)
                return false;
            _at += b == '\\' ? 2 : 1;
        }
        return false;
    }

    bool Value(out JsonValueKind kind, out ReadOnlySpan<byte> value)
    {
        SkipSpace();
        kind = JsonValueKind.Undefined;
        value = default;
        if (_at >= _text.Length)
            return false;
        int start = _at;
        switch (_text[_at])
        {
            case (byte)'"':
                kind = JsonValueKind.String;
                return String(out value);
            case (byte)'{' or (byte)'[':
                kind = _text[_at] == '{' ? JsonValueKind.Object : JsonValueKind.Array;
                bool closed = SkipNested();
                value = _text[start..Math.Min(_at, _text.Length)];
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
        if (_text[_at] == '-')
            _at++;
        int digits = _at;
        while (_at < _text.Length && _text[_at] is >= (byte)'0' and <= (byte)'9' or (byte)'.' or (byte)'e' or (byte)'E'
            or (byte)'+' or (byte)'-')
            _at++;
        value = _text[start.._at];
        return _at > digits && _text[digits] is >= (byte)'0' and <= (byte)'9' && TryNumber(value, out _);
    }

    bool Literal(ReadOnlySpan<byte> word, out ReadOnlySpan<byte> value)
    {
        value = word;
        if (!_text[_at..].StartsWith(word))
            return false;
        _at += word.Length;
        return true;
    }

    /// <summary>Nothing of ours is nested, so the inside of an object or array is skipped by its brackets only.</summary>
    bool SkipNested()
    {
        ulong objects = 0;
        int depth = 0;
        while (_at < _text.Length)
        {
            byte b = _text[_at];
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
                        _at++;
                        return true;
                    }
                    break;
            }
            _at++;
        }
        return false;
    }
}
