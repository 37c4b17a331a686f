namespace Ball.Media.Bitstream;

/// <summary>NAL units one after the other, with start codes, in memory that is used again.</summary>
internal sealed class NalBuffer
{
    private byte[] _bytes = new byte[16 * 1024];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public bool IsEmpty => _length == 0;

    public void Clear() => _length = 0;

    public void Add(ReadOnlySpan<byte> nal)
    {
        Append([0, 0, 0, 1]);
        Append(nal);
    }

    public void Add(NalBuffer other) => Append(other.Bytes);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length < _length + bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}
