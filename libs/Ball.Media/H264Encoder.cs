using System.Runtime.CompilerServices;
using Ball.Media.Native;
using Ball.Pictures;

namespace Ball.Media;

/// <summary>
/// Encodes pictures to H.264 constrained baseline, one access unit out for each picture in. One thread encodes; requests for a
/// keyframe, a bitrate or a frame rate may come from any thread and hold from the next picture on.
/// </summary>
public sealed unsafe class H264Encoder : IDisposable
{
    public const int MinSide = 16;

    /// <summary>OpenH264 ends at level 5.2: that many macroblocks of 16x16.</summary>
    private const int MaxMacroblocks = 36_864;

    /// <summary>The rate control believes in no more frames a second than this.</summary>
    private const float MaxFrameRate = 60;

    private readonly NativeEncoder _native;
    private readonly int _layerSize;
    private readonly H264EncoderOptions _options;
    private int _width;
    private int _height;
    private int _bitrate;
    private double _frameRate;
    private int _wantedBitrate;
    private double _wantedFrameRate;
    private int _keyframeWanted;
    private byte[] _output = new byte[64 * 1024];

    /// <exception cref="OpenH264MissingException">OpenH264 is not installed.</exception>
    public H264Encoder(H264EncoderOptions options)
    {
        options.Validate();
        _options = options;
        _wantedBitrate = options.Bitrate;
        _wantedFrameRate = options.FrameRate;
        _layerSize = OpenH264.Instance.LayerSize;
        _native = OpenH264.Instance.CreateEncoder();
        var quiet = 0;
        _native.SetOption(NativeEncoder.OptionTraceLevel, &quiet);
    }

    /// <summary>Whether the access unit that was returned last starts the stream anew.</summary>
    public bool IsKeyframe { get; private set; }

    /// <summary>Makes the next access unit a keyframe.</summary>
    public void RequestKeyframe() => Volatile.Write(ref _keyframeWanted, 1);

    public void SetBitrate(int bitsPerSecond) => Volatile.Write(ref _wantedBitrate,
        Math.Clamp(bitsPerSecond, H264EncoderOptions.MinBitrate, H264EncoderOptions.MaxBitrate));

    public void SetFrameRate(double framesPerSecond) =>
        Volatile.Write(ref _wantedFrameRate, Math.Clamp(framesPerSecond, 1, 1000));

    /// <summary>
    /// Encodes an I420 picture. The result, one access unit in Annex B form, is valid until the next call; it is empty when the
    /// encoder was allowed to skip frames and did. A picture of another size than the last starts the stream anew.
    /// </summary>
    /// <param name="milliseconds">When the picture was taken, on any clock that goes forward.</param>
    public ReadOnlySpan<byte> Encode(PictureView picture, long milliseconds)
    {
        ObjectDisposedException.ThrowIf(_native.IsClosed, this);
        if (picture.Format != PixelFormat.I420)
            throw new ArgumentException($"The encoder takes I420, not {picture.Format}.", nameof(picture));
        var held = false;
        try
        {
            // Whoever disposes of the encoder meanwhile does so when this is done.
            _native.DangerousAddRef(ref held);
            return EncodeHeld(picture, milliseconds);
        }
        finally
        {
            if (held)
                _native.DangerousRelease();
        }
    }

    public void Dispose() => _native.Dispose();

    /// <summary>Why pictures of a size cannot be encoded, in one line, or null.</summary>
    public static string? ProblemWith(int width, int height) =>
        width % 2 == 0 && height % 2 == 0 && width >= MinSide && height >= MinSide
        && (width + 15L) / 16 * ((height + 15L) / 16) <= MaxMacroblocks
            ? null
            : $"H.264 takes even sides, 16x16 to 4096x2304, not {width}x{height}.";

    private ReadOnlySpan<byte> EncodeHeld(PictureView picture, long milliseconds)
    {
        if (picture.Width != _width || picture.Height != _height)
            Start(picture.Width, picture.Height);
        else
            ApplyWishes();

        SourcePicture source = default;
        EncodedFrame frame;
        Unsafe.SkipInit(out frame);
        frame.LayerCount = 0;
        source.Format = SourcePicture.I420;
        source.Strides[0] = picture.Stride;
        source.Strides[1] = source.Strides[2] = picture.Stride / 2;
        source.Width = picture.Width;
        source.Height = picture.Height;
        source.Milliseconds = milliseconds;
        fixed (byte* y = picture.Y, u = picture.U, v = picture.V)
        {
            source.Y = y;
            source.U = u;
            source.V = v;
            Check(_native.EncodeFrame(&source, &frame), "EncodeFrame");
        }
        return Collect(&frame);
    }

    private ReadOnlySpan<byte> Collect(EncodedFrame* frame)
    {
        var total = 0;
        IsKeyframe = false;
        for (var i = 0; i < Math.Min(frame->LayerCount, EncodedFrame.MaxLayers); i++)
        {
            var layer = (EncodedLayer*)((byte*)frame + EncodedFrame.FirstLayerOffset + i * _layerSize);
            var length = 0;
            for (var nal = 0; nal < layer->NalCount; nal++)
                length += layer->NalLengths[nal];
            if (_output.Length < total + length)
                Array.Resize(ref _output, Math.Max(_output.Length * 2, total + length));
            new ReadOnlySpan<byte>(layer->Bytes, length).CopyTo(_output.AsSpan(total));
            total += length;
            IsKeyframe |= layer->FrameType == EncodedLayer.Idr;
        }
        return _output.AsSpan(0, total);
    }

    private void Start(int width, int height)
    {
        if (ProblemWith(width, height) is { } problem)
            throw new ArgumentException(problem);
        _width = _height = 0;
        _native.Uninitialize();

        _frameRate = Volatile.Read(ref _wantedFrameRate);
        _bitrate = Volatile.Read(ref _wantedBitrate);
        Interlocked.Exchange(ref _keyframeWanted, 0);

        EncoderParameters parameters = default;
        Check(_native.GetDefaultParams(&parameters), "GetDefaultParams");
        Describe(ref parameters, width, height);
        Check(_native.InitializeExt(&parameters), "InitializeExt");
        _width = width;
        _height = height;
    }

    private void Describe(ref EncoderParameters p, int width, int height)
    {
        const int cameraRealTime = 0, bitrateMode = 1, baseline = 66, fixedSlices = 1, singleSlice = 0, constantId = 0;
        const byte bt601 = 6, unspecifiedFormat = 5;

        p.UsageType = cameraRealTime;
        p.Width = p.LayerWidth = width;
        p.Height = p.LayerHeight = height;
        p.RateControl = bitrateMode;
        p.TargetBitrate = p.LayerBitrate = NativeBitrate;
        p.MaxBitrate = p.LayerMaxBitrate = 0;
        p.MaxFrameRate = p.LayerFrameRate = NativeFrameRate;
        p.TemporalLayers = p.SpatialLayers = 1;
        p.LayerProfile = baseline;
        p.LayerSliceMode = _options.Threads > 1 ? fixedSlices : singleSlice;
        p.LayerSliceCount = _options.Threads;
        p.Threads = (ushort)_options.Threads;

        // Said in the stream, so that no viewer guesses BT.709 for a large picture.
        p.LayerVideoSignalPresent = 1;
        p.LayerVideoFormat = unspecifiedFormat;
        p.LayerFullRange = 0;
        p.LayerColourPresent = 1;
        p.LayerColourPrimaries = p.LayerTransfer = p.LayerColourMatrix = bt601;

        p.Complexity = 0;
        p.IntraPeriod = (uint)_options.KeyframeInterval;
        p.ReferenceFrames = 1;
        p.ParameterSetStrategy = constantId;
        p.Cabac = 0;
        p.FrameSkip = _options.MaySkipFrames ? (byte)1 : (byte)0;
        p.LongTermReference = 0;
        p.LoopFilterDisable = _options.Deblocking ? 0 : 1;
        p.Denoise = 0;
        p.BackgroundDetection = 0;
        p.AdaptiveQuantization = 0;
        p.SceneChangeDetection = 0;
    }

    private float NativeFrameRate => (float)Math.Min(_frameRate, MaxFrameRate);

    /// <summary>Above the rate that OpenH264 believes in, each frame gets its share of the true rate.</summary>
    private int NativeBitrate => (int)(_bitrate * (NativeFrameRate / _frameRate));

    private void ApplyWishes()
    {
        var frameRate = Volatile.Read(ref _wantedFrameRate);
        var bitrate = Volatile.Read(ref _wantedBitrate);
        if (frameRate != _frameRate || bitrate != _bitrate)
        {
            _frameRate = frameRate;
            _bitrate = bitrate;
            var rate = NativeFrameRate;
            Check(_native.SetOption(NativeEncoder.OptionFrameRate, &rate), "SetOption(frame rate)");
            var allLayers = stackalloc int[] { 4, NativeBitrate };
            Check(_native.SetOption(NativeEncoder.OptionBitrate, allLayers), "SetOption(bitrate)");
        }
        if (Interlocked.Exchange(ref _keyframeWanted, 0) != 0)
            Check(_native.ForceIntraFrame(), "ForceIntraFrame");
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
            throw new H264Exception($"OpenH264's {call} failed with code {result}.");
    }
}
