using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Arm = System.Runtime.Intrinsics.Arm;

namespace SIPSorcery.Net.Sctp;

/// <summary>The Castagnoli CRC that guards every SCTP packet.</summary>
internal static class Crc32c
{
    private const uint ReflectedPolynomial = 0x82F63B78;
    private static readonly uint[] s_table = BuildTable();

    public static uint Compute(ReadOnlySpan<byte> data) => ~Append(uint.MaxValue, data);

    /// <summary>The CRC of a packet as the sender computed it: with its checksum field (bytes 8 to 11) read as zero.</summary>
    public static uint ComputePacket(ReadOnlySpan<byte> packet)
    {
        ReadOnlySpan<byte> zeros = [0, 0, 0, 0];
        var crc = Append(uint.MaxValue, packet[..8]);
        crc = Append(crc, zeros);
        return ~Append(crc, packet[12..]);
    }

    internal static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        if (Sse42.X64.IsSupported)
            return AppendX64(crc, data);
        return Arm.Crc32.Arm64.IsSupported ? AppendArm(crc, data) : AppendTable(crc, data);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint AppendX64(uint crc, ReadOnlySpan<byte> data)
    {
        ulong wide = crc;
        while (data.Length >= 8)
        {
            wide = Sse42.X64.Crc32(wide, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }

        crc = (uint)wide;
        foreach (var b in data)
            crc = Sse42.Crc32(crc, b);
        return crc;
    }

    private static uint AppendArm(uint crc, ReadOnlySpan<byte> data)
    {
        while (data.Length >= 8)
        {
            crc = Arm.Crc32.Arm64.ComputeCrc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }

        foreach (var b in data)
            crc = Arm.Crc32.ComputeCrc32C(crc, b);
        return crc;
    }

    internal static uint AppendTable(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var b in data)
            crc = s_table[(byte)(crc ^ b)] ^ (crc >> 8);
        return crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (var i = 0; i < table.Length; i++)
        {
            var value = (uint)i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ ReflectedPolynomial : value >> 1;
            table[i] = value;
        }

        return table;
    }
}
