using System.Text;

namespace Aspire.Hosting.DotnetProjects;

/// <summary>Splits the arguments of a launch profile as a shell would.</summary>
internal static class CommandLine
{
    public static List<string> Split(string? text)
    {
        var result = new List<string>();
        var word = new StringBuilder();
        var (inWord, inQuotes) = (false, false);
        foreach (var c in text ?? "")
        {
            if (c == '"') (inQuotes, inWord) = (!inQuotes, true);
            else if (char.IsWhiteSpace(c) && !inQuotes)
            {
                if (inWord) result.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        if (inWord) result.Add(word.ToString());
        return result;
    }
}
