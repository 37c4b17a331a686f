using System.Buffers.Text;
using System.Globalization;

namespace Ball.Link.Messages;

/// <summary>Text being written into a buffer; once something did not fit, its length is 0 for good.</summary>
internal ref struct Utf8Text(Span<byte> target)
{
    static readonly string[] Formats = ["F0", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"];

    readonly Span<byte> target = target;
    int length;
    bool full;

    public readonly int Length => full ? 0 : length;

    public void Add(ReadOnlySpan<byte> text)
    {
        if (full || text.Length > target.Length - length)
        {
            full = true;
            return;
        }
        text.CopyTo(target[length..]);
        length += text.Length;
    }

    public void Add(long number)
    {
        full = full || !Utf8Formatter.TryFormat(number, target[length..], out int written) || Advance(written);
    }

    public void Add(double number, int decimals)
    {
        full = full || !number.TryFormat(target[length..], out int written, Formats[decimals], CultureInfo.InvariantCulture)
            || Advance(written);
    }

    bool Advance(int written)
    {
        length += written;
        return false;
    }
}
