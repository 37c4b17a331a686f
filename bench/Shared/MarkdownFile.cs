namespace Bench;

/// <summary>Puts what was measured into a page, between two marks, so that the words around it stay.</summary>
internal static class MarkdownFile
{
    public static void Replace(string file, string name, string content)
    {
        var (open, close) = ($"<!-- {name} -->", $"<!-- /{name} -->");
        var text = File.ReadAllText(file);
        var from = text.IndexOf(open, StringComparison.Ordinal);
        var to = text.IndexOf(close, StringComparison.Ordinal);
        if (from < 0 || to < from)
            throw new InvalidOperationException($"{file} has no place for the table: a line {open} and a line {close}.");
        File.WriteAllText(file, text[..(from + open.Length)] + "\n" + content.TrimEnd() + "\n" + text[to..]);
    }
}
