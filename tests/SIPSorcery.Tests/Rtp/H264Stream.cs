namespace SIPSorcery.Tests.Rtp;

/// <summary>Makes access units that look like H.264 to transport; each one's content can be told from its number.</summary>
internal sealed class H264Stream(int seed)
{
    readonly Random _random = new(seed);

    public byte[] KeyFrame(int size = 20_000, int slices = 1)
    {
        var units = new List<byte[]> { Unit(0x67, 12, false), Unit(0x68, 4, false) };
        for (var slice = 0; slice < slices; slice++)
            units.Add(Unit(0x65, size / slices, slice == 0));
        return AnnexB([.. units]);
    }

    public byte[] DeltaFrame(int size = 4_000, int slices = 1)
    {
        var units = new List<byte[]>();
        for (var slice = 0; slice < slices; slice++)
            units.Add(Unit(0x41, size / slices, slice == 0));
        return AnnexB([.. units]);
    }

    /// <summary>A NAL unit without start codes inside; the slice header says whether it begins the picture.</summary>
    public byte[] Unit(byte header, int size, bool first)
    {
        var unit = new byte[Math.Max(2, size)];
        for (var i = 0; i < unit.Length; i++)
            unit[i] = (byte)_random.Next(1, 256);
        unit[0] = header;
        unit[1] = (byte)(first ? 0x88 : 0x44);
        return unit;
    }

    public static byte[] AnnexB(params byte[][] units) => [.. units.SelectMany(unit => (byte[])[0, 0, 0, 1, .. unit])];
}
