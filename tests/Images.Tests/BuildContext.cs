using System.IO.Enumeration;

namespace Images.Tests;

/// <summary>What of the repository an image is built from, by .dockerignore: the last line that fits decides.</summary>
internal sealed class BuildContext
{
    private readonly List<(string Pattern, bool IsIn)> _rules =
    [
        .. Checkout.Read(".dockerignore").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#')
            .Select(line => line[0] == '!' ? (line[1..], true) : (line, false)),
    ];

    /// <param name="file">From the root of the repository.</param>
    public bool Has(string file)
    {
        var isIn = true;
        foreach (var rule in _rules)
        {
            if (Fits(rule.Pattern.Split('/'), file.Split('/')))
                isIn = rule.IsIn;
        }
        return isIn;
    }

    /// <summary>A pattern that fits a folder fits what is in it.</summary>
    private static bool Fits(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty)
            return true;
        if (pattern[0] == "**")
        {
            for (var skipped = 0; skipped < path.Length; skipped++)
            {
                if (Fits(pattern[1..], path[skipped..]))
                    return true;
            }
            return false;
        }
        return !path.IsEmpty && FileSystemName.MatchesSimpleExpression(pattern[0], path[0], ignoreCase: false)
            && Fits(pattern[1..], path[1..]);
    }
}
