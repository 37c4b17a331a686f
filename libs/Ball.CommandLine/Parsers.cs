using System.Globalization;
using System.Net;

namespace Ball.CommandLine;

/// <summary>How the kinds of values are read.</summary>
public static class Parsers
{
    /// <summary>The smallest side of a picture.</summary>
    public const int MinSide = 32;

    /// <summary>The largest side of a picture.</summary>
    public const int MaxSide = 8192;

    const int MinBitrate = 50_000;
    const int MaxBitrate = 50_000_000;

    /// <summary>40 days: timers of the system count no further than 49.</summary>
    const int MaxSeconds = 3_456_000;

    /// <summary>`true`, `1`, `yes`, `on` and their opposites.</summary>
    public static bool Flag(string text, out bool value, out string expected)
    {
        expected = "true or false";
        value = text.ToLowerInvariant() is "true" or "1" or "yes" or "on";
        return value || text.ToLowerInvariant() is "false" or "0" or "no" or "off";
    }

    /// <summary>Any text.</summary>
    public static bool Text(string text, out string value, out string expected)
    {
        expected = "some text";
        value = text;
        return text.Length > 0;
    }

    /// <summary>Any text, and null when there is none.</summary>
    public static bool OptionalText(string text, out string? value, out string expected)
    {
        expected = "some text";
        value = text;
        return text.Length > 0;
    }

    /// <summary>A TCP port.</summary>
    public static bool Port(string text, out int value, out string expected)
    {
        expected = "a port, 1 to 65535, or 0 for any that is free";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= 65535;
    }

    /// <summary>An address, with a port or without; null when there is none.</summary>
    public static bool EndPoint(string text, out IPEndPoint? value, out string expected)
    {
        expected = "an address, such as 203.0.113.9, 203.0.113.9:4000 or [2001:db8::9]:4000";
        return IPEndPoint.TryParse(text, out value) && IsUnicast(value.Address);
    }

    /// <summary>A whole number.</summary>
    public static bool Whole(string text, out int value, out string expected)
    {
        expected = "a whole number";
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A number in a range.</summary>
    public static SettingParser<double> Number(double min, double max) => (string text, out double value, out string expected) =>
    {
        expected = string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}");
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && value >= min && value <= max;
    };

    /// <summary>A time in seconds; null when there is none.</summary>
    public static bool Seconds(string text, out TimeSpan? value, out string expected)
    {
        expected = $"a number of seconds, above 0 and at most {MaxSeconds}";
        bool read = TrySeconds(text, out double seconds) && seconds > 0;
        value = read ? TimeSpan.FromSeconds(seconds) : null;
        return read;
    }

    /// <summary>How long to wait, in seconds, or `forever`.</summary>
    public static bool Patience(string text, out TimeSpan value, out string expected)
    {
        expected = $"a number of seconds, at most {MaxSeconds}, or 'forever'";
        if (text == "forever")
        {
            value = Timeout.InfiniteTimeSpan;
            return true;
        }
        bool read = TrySeconds(text, out double seconds);
        value = read ? TimeSpan.FromSeconds(seconds) : default;
        return read;
    }

    /// <summary>`640x480`.</summary>
    public static bool Size(string text, out PictureSize value, out string expected)
    {
        expected = $"a size such as 640x480, each side from {MinSide} to {MaxSide}";
        value = default;
        string[] sides = text.Split('x', 'X');
        if (sides.Length != 2
            || !int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            || !int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            || width is < MinSide or > MaxSide || height is < MinSide or > MaxSide)
            return false;
        value = new PictureSize(width, height);
        return true;
    }

    /// <summary>Bits a second: `1500k`, `1.5M` or `1500000`.</summary>
    public static bool Bitrate(string text, out int value, out string expected)
    {
        expected = "bits a second, such as 1500k or 1.5M, from 50k to 50M";
        value = 0;
        double unit = text.Length == 0 ? 1 : text[^1] switch { 'k' or 'K' => 1e3, 'm' or 'M' => 1e6, _ => 1 };
        string number = unit > 1 ? text[..^1] : text;
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double bits)
            || bits * unit is not (>= MinBitrate and <= MaxBitrate))
            return false;
        value = (int)Math.Round(bits * unit);
        return true;
    }

    /// <summary>One of an enum's names, in lower case.</summary>
    public static bool OneOf<T>(string text, out T value, out string expected) where T : struct, Enum
    {
        expected = string.Join(" or ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()));
        value = default;
        return text.Length > 0 && char.IsAsciiLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out value)
            && Enum.IsDefined(value);
    }

    // What nobody can send to. A number alone is an address too for .NET, one that begins with 0.
    static bool IsUnicast(IPAddress address) =>
        !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !address.IsIPv6Multicast
        && (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork
            || address.GetAddressBytes()[0] is > 0 and < 224);

    static bool TrySeconds(string text, out double seconds) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds)
        && seconds <= MaxSeconds;
}
