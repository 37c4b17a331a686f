using System.Text.RegularExpressions;

namespace Ball.Manifests;

/// <summary>Small parts of YAML.</summary>
internal static partial class Yaml
{
    /// <summary>A heading with lines below it, all indented and each with its end; nothing where there are no lines.</summary>
    public static string Block(int indent, string heading, params IEnumerable<string> lines)
    {
        var below = Lines(indent, lines);
        return below.Length == 0 ? "" : Lines(indent, heading) + below;
    }

    public static string Lines(int indent, params IEnumerable<string> lines) =>
        string.Concat(lines.Select(line => $"{new string(' ', indent)}{line}\n"));

    /// <summary>The text as a scalar: quoted where it would be read as something else.</summary>
    public static string Scalar(string text) =>
        Plain().IsMatch(text) && !Meaning().IsMatch(text) ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    // No space, so neither a comment nor a key can be in it.
    [GeneratedRegex(@"^[\w./+][\w./+=;,@:-]*(?<!:)$")]
    private static partial Regex Plain();

    // Words and numbers that YAML takes for something else than text.
    [GeneratedRegex(@"^(true|false|yes|no|on|off|y|n|null|[+-]?[\d.][\d_.:]*(e[+-]?\d+)?)$", RegexOptions.IgnoreCase)]
    private static partial Regex Meaning();
}
