namespace Ball.Media.Bitstream;

/// <summary>Walks over the NAL units between start codes.</summary>
internal static class AnnexB
{
    /// <summary>Takes the next NAL unit, without its start code, off the front of <paramref name="rest"/>.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> nal)
    {
        ReadOnlySpan<byte> startCode = [0, 0, 1];
        var start = rest.IndexOf(startCode);
        if (start < 0)
        {
            rest = nal = default;
            return false;
        }
        rest = rest[(start + 3)..];
        var end = rest.IndexOf(startCode);
        nal = (end < 0 ? rest : rest[..end]).TrimEnd((byte)0);
        rest = end < 0 ? default : rest[end..];
        return true;
    }
}
