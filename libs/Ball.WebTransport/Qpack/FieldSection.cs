using System.Text;

namespace Ball.WebTransport.Qpack;

/// <summary>Header fields as QPACK writes them without a dynamic table, which we advertise to have none of (RFC 9204).</summary>
static class FieldSection
{
    private const int MaxFields = 100;

    /// <summary>Reads a field section; null for one that breaks the rules or uses a dynamic table.</summary>
    public static List<HeaderField>? Decode(ReadOnlySpan<byte> source)
    {
        // The prefix: no required inserts, any base.
        if (!TryReadInteger(ref source, 8, out long inserts) || inserts != 0 || !TryReadInteger(ref source, 7, out _))
            return null;

        var fields = new List<HeaderField>();
        while (!source.IsEmpty)
        {
            if (fields.Count >= MaxFields || DecodeField(ref source) is not { } field)
                return null;
            fields.Add(field);
        }

        return fields;
    }

    /// <summary>Writes an answer that is only a status.</summary>
    public static byte[] EncodeStatus(int status)
    {
        if (status == 200)
            return [0, 0, 0xd9];
        const byte literalWithStaticName = 0x5f;
        const byte statusNameAfterPrefix = 24 - 15;
        return [0, 0, literalWithStaticName, statusNameAfterPrefix, 3, .. Encoding.ASCII.GetBytes(status.ToString("000"))];
    }

    /// <summary>Writes fields as plain literals.</summary>
    public static byte[] Encode(IEnumerable<HeaderField> fields)
    {
        var bytes = new List<byte> { 0, 0 };
        foreach (var field in fields)
        {
            WriteInteger(bytes, 0x20, 3, field.Name.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(field.Name));
            byte[] value = Encoding.UTF8.GetBytes(field.Value);
            WriteInteger(bytes, 0, 7, value.Length);
            bytes.AddRange(value);
        }

        return [.. bytes];
    }

    private static HeaderField? DecodeField(ref ReadOnlySpan<byte> source)
    {
        byte first = source[0];
        if ((first & 0x80) != 0)
        {
            bool isStatic = (first & 0x40) != 0;
            return isStatic && TryReadInteger(ref source, 6, out long index) ? StaticTable.At(index) : null;
        }

        if ((first & 0x40) != 0)
        {
            bool isStatic = (first & 0x10) != 0;
            return isStatic && TryReadInteger(ref source, 4, out long index) && StaticTable.At(index) is { } named
                && ReadText(ref source, 7) is { } value
                ? named with { Value = value }
                : null;
        }

        if ((first & 0x20) == 0)
            return null;
        return ReadText(ref source, 3) is { } name && ReadText(ref source, 7) is { } text ? new HeaderField(name, text) : null;
    }

    private static string? ReadText(ref ReadOnlySpan<byte> source, int prefix)
    {
        if (source.IsEmpty)
            return null;
        bool isHuffman = (source[0] & (1 << prefix)) != 0;
        if (!TryReadInteger(ref source, prefix, out long length) || length > source.Length)
            return null;
        var raw = source[..(int)length];
        source = source[(int)length..];
        if (!isHuffman)
            return Encoding.UTF8.GetString(raw);

        // No code is shorter than five bits.
        var decoded = new byte[raw.Length * 8 / 5 + 1];
        return Huffman.TryDecode(raw, decoded, out int written) ? Encoding.UTF8.GetString(decoded, 0, written) : null;
    }

    private static bool TryReadInteger(ref ReadOnlySpan<byte> source, int prefix, out long value)
    {
        value = 0;
        if (source.IsEmpty)
            return false;
        int mask = (1 << prefix) - 1;
        value = source[0] & mask;
        source = source[1..];
        if (value < mask)
            return true;
        for (int shift = 0; shift <= 28; shift += 7)
        {
            if (source.IsEmpty)
                return false;
            byte next = source[0];
            source = source[1..];
            value += (long)(next & 0x7f) << shift;
            if ((next & 0x80) == 0)
                return true;
        }

        return false;
    }

    private static void WriteInteger(List<byte> target, byte flags, int prefix, long value)
    {
        int mask = (1 << prefix) - 1;
        if (value < mask)
        {
            target.Add((byte)(flags | (byte)value));
            return;
        }

        target.Add((byte)(flags | mask));
        value -= mask;
        for (; value >= 0x80; value >>= 7)
            target.Add((byte)(value | 0x80));
        target.Add((byte)value);
    }
}
