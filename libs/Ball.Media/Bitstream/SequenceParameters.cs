namespace Ball.Media.Bitstream;

/// <summary>What the gate has to know of a sequence parameter set.</summary>
internal readonly record struct SequenceParameters(int Id, int FrameNumberBits, int Macroblocks)
{
    private const int MaxMacroblocks = 36_864;
    private const int MaxSideInMacroblocks = 512;

    /// <summary>
    /// Reads the set behind the NAL header. False for what is malformed, and for what a low-delay stream has no use for:
    /// interlacing, other chroma than 4:2:0, more than 8 bits.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out SequenceParameters parameters)
    {
        parameters = default;
        var bits = new BitReader(payload);
        var profile = bits.Bits(8);
        bits.Bits(16);
        var id = bits.Unsigned();
        if (profile is not (66 or 77 or 100) || id > 31)
            return false;
        if (profile == 100 && !IsPlain420(ref bits))
            return false;

        var frameNumberBits = bits.Unsigned() + 4;
        if (frameNumberBits > 16 || !SkipPictureOrder(ref bits))
            return false;
        var references = bits.Unsigned();
        bits.Flag();
        var width = bits.Unsigned() + 1L;
        var height = bits.Unsigned() + 1L;
        var framesOnly = bits.Flag();
        bits.Flag();
        if (bits.Failed || references > 16 || !framesOnly)
            return false;
        if (width > MaxSideInMacroblocks || height > MaxSideInMacroblocks || width * height > MaxMacroblocks)
            return false;
        if (bits.Flag() && !CropFits(ref bits, width * 8, height * 8))
            return false;
        bits.Flag();
        if (bits.Failed)
            return false;
        parameters = new SequenceParameters((int)id, (int)frameNumberBits, (int)(width * height));
        return true;
    }

    private static bool IsPlain420(ref BitReader bits)
    {
        var chroma = bits.Unsigned();
        var lumaDepth = bits.Unsigned();
        var chromaDepth = bits.Unsigned();
        var bypass = bits.Flag();
        var scaling = bits.Flag();
        return chroma == 1 && lumaDepth == 0 && chromaDepth == 0 && !bypass && !scaling;
    }

    private static bool SkipPictureOrder(ref BitReader bits)
    {
        switch (bits.Unsigned())
        {
            case 0:
                return bits.Unsigned() <= 12;
            case 1:
                bits.Flag();
                bits.Signed();
                bits.Signed();
                var cycle = bits.Unsigned();
                if (cycle > 255)
                    return false;
                for (var i = 0; i < cycle; i++)
                    bits.Signed();
                return !bits.Failed;
            case 2:
                return true;
            default:
                return false;
        }
    }

    private static bool CropFits(ref BitReader bits, long width, long height)
    {
        long left = bits.Unsigned(), right = bits.Unsigned(), top = bits.Unsigned(), bottom = bits.Unsigned();
        return left + right < width && top + bottom < height;
    }
}
