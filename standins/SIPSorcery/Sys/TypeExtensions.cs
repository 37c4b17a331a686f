namespace SIPSorcery.Sys;

/// <summary>Small conversions that applications use.</summary>
public static class TypeExtensions
{
    /// <summary>The bytes in upper-case hexadecimal, apart from each other when a separator is given.</summary>
    public static string HexStr(this byte[] buffer, char? separator = null)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        var text = Convert.ToHexString(buffer);
        return separator is { } between ? string.Join(between, text.Chunk(2).Select(pair => new string(pair))) : text;
    }
}
