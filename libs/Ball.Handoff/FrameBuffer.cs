namespace Ball.Handoff;

/// <summary>One frame as it goes over the pipe, header and pixels in one piece, so that one system call sends it.</summary>
internal sealed class FrameBuffer
{
    private byte[] _memory = [];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _memory.AsSpan(0, _length);

    public void Fill(in FrameHeader header, ReadOnlySpan<byte> pixels)
    {
        _length = FrameHeader.Size + pixels.Length;
        if (_memory.Length < _length)
            _memory = GC.AllocateUninitializedArray<byte>(_length, pinned: true);
        header.Write(_memory);
        pixels.CopyTo(_memory.AsSpan(FrameHeader.Size));
    }
}
