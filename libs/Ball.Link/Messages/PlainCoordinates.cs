using System.Globalization;

namespace Ball.Link.Messages;

/// <summary>
/// Reads coordinates from the text that programs of the original task send: two numbers, in brackets or not, after a word or
/// not. Everything else is refused: half-understood coordinates would be scored as errors of the peer's.
/// </summary>
public static class PlainCoordinates
{
    const int MaxText = 256;

    /// <summary>Reads `x,y`, `12 , 34`, `coords 12,34`, `(12.5, -3)`, `[12 34]`, `x=12, y=34` and the like.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Coordinates coordinates)
    {
        coordinates = default;
        if (text.Length > MaxText)
            return false;
        Word(ref text);
        byte bracket = Bracket(ref text);
        if (bracket != 0)
            Word(ref text);
        if (!Number(ref text, out double x))
            return false;
        int before = text.Length;
        Space(ref text);
        bool separated = text.Length < before;
        if (!text.IsEmpty && text[0] is (byte)',' or (byte)';' or (byte)'|')
        {
            text = text[1..];
            separated = true;
        }
        if (!separated)
            return false;
        Word(ref text);
        if (!Number(ref text, out double y))
            return false;
        Space(ref text);
        if (bracket != 0)
        {
            if (text.IsEmpty || text[0] != bracket)
                return false;
            text = text[1..];
            Space(ref text);
        }
        if (!text.IsEmpty)
            return false;
        coordinates = new Coordinates(x, y);
        return true;
    }

    static void Space(ref ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && text[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0)
            text = text[1..];
    }

    /// <summary>A label before a number, such as `coords`, `Ball:` or `x=`.</summary>
    static void Word(ref ReadOnlySpan<byte> text)
    {
        Space(ref text);
        int length = 0;
        while (length < text.Length && IsLetter(text[length], length))
            length++;
        if (length == 0)
            return;
        text = text[length..];
        Space(ref text);
        if (!text.IsEmpty && text[0] is (byte)':' or (byte)'=')
            text = text[1..];
        Space(ref text);
    }

    static bool IsLetter(byte b, int index) =>
        (b | 0x20) is >= (byte)'a' and <= (byte)'z' || b == '_' || index > 0 && b is >= (byte)'0' and <= (byte)'9';

    static byte Bracket(ref ReadOnlySpan<byte> text)
    {
        byte closing = text.IsEmpty ? (byte)0 : text[0] switch
        {
            (byte)'(' => (byte)')',
            (byte)'[' => (byte)']',
            _ => (byte)0,
        };
        if (closing != 0)
            text = text[1..];
        return closing;
    }

    static bool Number(ref ReadOnlySpan<byte> text, out double value)
    {
        int length = 0;
        while (length < text.Length && text[length] is >= (byte)'0' and <= (byte)'9' or (byte)'.' or (byte)'-' or (byte)'+'
            or (byte)'e' or (byte)'E')
            length++;
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        bool read = double.TryParse(text[..length], style, CultureInfo.InvariantCulture, out value)
            && Math.Abs(value) <= Coordinates.Limit;
        text = text[length..];
        return read;
    }
}
