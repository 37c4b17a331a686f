using System.Text.RegularExpressions;

namespace Aspire.Hosting.Dcp;

/// <summary>The engine reads arguments and variables as Go templates.</summary>
internal static partial class DcpTemplate
{
    /// <summary>What a process that serves an endpoint replaces by its own port.</summary>
    public static string PortForServing(string service) => $"{{{{- portForServing \"{service}\" -}}}}";

    /// <summary>Keeps braces that are not one of the engine's own functions as they are.</summary>
    public static string Escape(string text) => ForeignBraces().Replace(text, "{{\"{{\"}}");

    [GeneratedRegex(@"\{\{(?!-?\s*(portForServing|portFor|addressFor|index)\s)")]
    private static partial Regex ForeignBraces();
}
