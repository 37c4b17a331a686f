using System.Buffers.Text;
using System.Globalization;

namespace Ball.Link.Messages;

/// <summary>Text being written into a buffer; once something did not fit, its length is 0 for good.</summary>
internal ref struct Utf8Text(Span<byte> target)
{
    static readonly string[] s_formats = ["F0", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"];

    readonly Span<byte> _target = target;
    int _length;
    bool _full;

    public readonly int Length => _full ? 0 : _length;

    public void Add(ReadOnlySpan<byte> text)
    {
        if (_full || text.Length > _target.Length - _length)
        {
            _full = true;
            return;
        }
        text.CopyTo(_target[_length..]);
        _length += text.Length;
    }

    public void Add(long number)
    {
        _full = _full || !Utf8Formatter.TryFormat(number, _target[_length..], out int written) || Advance(written);
    }

    public void Add(double number, int decimals)
    {
        _full = _full || !number.TryFormat(_target[_length..], out int written, s_formats[decimals], CultureInfo.InvariantCulture)
            || Advance(written);
    }

    bool Advance(int written)
    {
        _length += written;
        return false;
    }
}
