using Ball.Pictures;

namespace Ball.Link.RawFrames;

/// <summary>
/// One frame as the messages it is sent in; made once, sent to every peer, and used again for the next frame.
/// </summary>
public sealed class RawFrameMessages
{
    /// <summary>What every WebRTC stack takes in one message.</summary>
    public const int DefaultMaxMessage = 64 * 1024;

    /// <summary>The most that is ever put into one.</summary>
    public const int LargestMaxMessage = 256 * 1024;

    readonly int _maxMessage;
    byte[] _buffer = [];
    int _chunkSize;
    int _total;

    /// <param name="maxMessage">The longest message, with its header; at most 256 KiB.</param>
    public RawFrameMessages(int maxMessage = DefaultMaxMessage)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessage, 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxMessage, LargestMaxMessage);
        _maxMessage = maxMessage;
    }

    /// <summary>How many messages the frame takes.</summary>
    public int Count { get; private set; }

    /// <summary>All of their bytes.</summary>
    public int ByteCount { get; private set; }

    /// <summary>One message.</summary>
    public ArraySegment<byte> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            int length = index < Count - 1 ? _chunkSize : _total - _chunkSize * (Count - 1);
            return new(_buffer, index * (_chunkSize + RawFrameHeader.Length), length + RawFrameHeader.Length);
        }
    }

    /// <summary>Cuts a picture into messages. Those of the frame before are gone.</summary>
    public void Cut(long frame, uint rtp, long time, PictureView picture)
    {
        _total = picture.Layout.ByteCount;
        int space = _maxMessage - RawFrameHeader.Length;
        Count = (_total + space - 1) / space;
        if (Count > RawFrameHeader.MaxChunks)
            throw new ArgumentException($"{picture.Layout} takes {Count} messages, the most is {RawFrameHeader.MaxChunks}.");
        _chunkSize = (_total + Count - 1) / Count;
        ByteCount = _total + Count * RawFrameHeader.Length;
        if (_buffer.Length < ByteCount)
            _buffer = GC.AllocateUninitializedArray<byte>(ByteCount);
        for (int i = 0; i < Count; i++)
        {
            int offset = i * _chunkSize;
            var message = this[i].AsSpan();
            new RawFrameHeader(frame, rtp, time, picture.Layout, offset, i, Count).Write(message);
            picture.Bytes.Slice(offset, message.Length - RawFrameHeader.Length).CopyTo(message[RawFrameHeader.Length..]);
        }
    }
}
