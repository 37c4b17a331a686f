using Ball.Media.Bitstream;
using Ball.Media.Native;
using Ball.Pictures;

namespace Ball.Media;

/// <summary>
/// Decodes H.264 without delay: one access unit in, its picture out. Loss and garbage give <see cref="H264DecodeResult.Lost"/>
/// until the next keyframe; a damaged picture is never shown as a good one. Not thread-safe.
/// </summary>
/// <remarks>
/// Takes progressive 8-bit 4:2:0 without B frames, which is all that WebRTC peers send. Every access unit passes a gate of our
/// own before the native decoder sees it.
/// </remarks>
public sealed unsafe class H264Decoder : IDisposable
{
    /// <summary>More than the largest picture takes uncompressed; such access units are not from an encoder.</summary>
    public const int MaxAccessUnitBytes = 16 * 1024 * 1024;

    private readonly StreamGate _gate = new();
    private NativeDecoder _native;
    private bool _isFresh = true;
    private Picture? _picture;

    /// <exception cref="OpenH264MissingException">OpenH264 is not installed.</exception>
    public H264Decoder() => _native = Open();

    /// <summary>Whether the next frame can be decoded without a keyframe.</summary>
    public bool InSync => _gate.InSync;

    /// <summary>
    /// Tells the decoder what only the network knows: something is missing, so only a keyframe is to be trusted.
    /// </summary>
    public void NoteLoss() => _gate.LoseSync();

    /// <summary>
    /// Decodes one access unit in Annex B form. <paramref name="picture"/> (I420) is valid until the next call, and empty unless
    /// the result is <see cref="H264DecodeResult.Decoded"/>.
    /// </summary>
    public H264DecodeResult Decode(ReadOnlySpan<byte> accessUnit, out PictureView picture)
    {
        ObjectDisposedException.ThrowIf(_native.IsClosed, this);
        picture = default;
        if (accessUnit.Length > MaxAccessUnitBytes)
        {
            _gate.LoseSync();
            return H264DecodeResult.Lost;
        }
        if (!_gate.Examine(accessUnit))
            return H264DecodeResult.Lost;
        if (_gate.Passed.IsEmpty)
            return H264DecodeResult.NeedMore;

        if (!TryDecode(_gate.Passed))
        {
            // A decoder that stumbled is replaced: whatever state it is in, a keyframe must find a clean one.
            var wasFresh = _isFresh;
            Restart();
            if (wasFresh || !_gate.IsKeyframe || !TryDecode(_gate.Passed))
            {
                _gate.LoseSync();
                return H264DecodeResult.Lost;
            }
        }
        picture = _picture!.View;
        return H264DecodeResult.Decoded;
    }

    public void Dispose() => _native.Dispose();

    private bool TryDecode(ReadOnlySpan<byte> bytes)
    {
        _isFresh = false;
        var native = _native;
        var held = false;
        try
        {
            // Whoever disposes of the decoder meanwhile does so when this is done.
            native.DangerousAddRef(ref held);
            return TryDecode(native, bytes);
        }
        finally
        {
            if (held)
                native.DangerousRelease();
        }
    }

    private bool TryDecode(NativeDecoder native, ReadOnlySpan<byte> bytes)
    {
        DecodedFrame frame = default;
        var planes = stackalloc byte*[3];
        fixed (byte* p = bytes)
        {
            if (native.DecodeFrameNoDelay(p, bytes.Length, planes, &frame) != 0)
                return false;
        }
        if (frame.Ready != 1 && native.FlushFrame(planes, &frame) != 0)
            return false;
        return frame.Ready == 1 && Copy(&frame);
    }

    private void Restart()
    {
        _native.Dispose();
        _native = Open();
        _isFresh = true;
    }

    private bool Copy(DecodedFrame* frame)
    {
        var layout = PictureLayout.Packed(frame->Width, frame->Height, PixelFormat.I420);
        if (!layout.IsValid || frame->Y == null || frame->U == null || frame->V == null)
            return false;
        if (_picture?.Layout != layout)
            _picture = new Picture(layout);
        CopyPlane(frame->Y, frame->LumaStride, _picture.Y, layout.Width, layout.Height);
        CopyPlane(frame->U, frame->ChromaStride, _picture.U, layout.Width / 2, layout.Height / 2);
        CopyPlane(frame->V, frame->ChromaStride, _picture.V, layout.Width / 2, layout.Height / 2);
        return true;
    }

    private static void CopyPlane(byte* from, int stride, Span<byte> to, int width, int height)
    {
        for (var row = 0; row < height; row++)
            new ReadOnlySpan<byte>(from + (nint)row * stride, width).CopyTo(to.Slice(row * width, width));
    }

    private static NativeDecoder Open()
    {
        const int errorConcealmentOff = 0, plainAvc = 0;
        var native = OpenH264.Instance.CreateDecoder();
        var quiet = 0;
        native.SetOption(NativeDecoder.OptionTraceLevel, &quiet);
        DecoderParameters parameters = default;
        parameters.TargetLayer = byte.MaxValue;
        parameters.ErrorConcealment = errorConcealmentOff;
        parameters.PropertySize = 8;
        parameters.StreamType = plainAvc;
        var result = native.Initialize(&parameters);
        if (result == 0)
            return native;
        native.Dispose();
        throw new H264Exception($"OpenH264's decoder did not start (Initialize: {result}).");
    }
}
