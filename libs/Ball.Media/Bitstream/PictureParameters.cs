namespace Ball.Media.Bitstream;

/// <summary>What the gate has to know of a picture parameter set.</summary>
internal readonly record struct PictureParameters(int Id, int SequenceId)
{
    /// <summary>Reads the set behind the NAL header; false when malformed or with slice groups.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out PictureParameters parameters)
    {
        var bits = new BitReader(payload);
        var id = bits.Unsigned();
        var sequence = bits.Unsigned();
        bits.Bits(2);
        var sliceGroups = bits.Unsigned();
        var references = bits.Unsigned();
        parameters = new PictureParameters((int)id, (int)sequence);
        return !bits.Failed && id <= 255 && sequence <= 31 && sliceGroups == 0 && references <= 31;
    }
}
