using System.Text.Json.Nodes;

namespace Loop.Tests.Support;

/// <summary>Reads figures from a summary by their path, as <c>error_px.mean</c>.</summary>
internal static class Figures
{
    public static double Of(this JsonNode summary, string path) => summary.At(path)?.GetValue<double>()
        ?? throw new InvalidOperationException($"there is no {path} in {summary}");

    public static bool Has(this JsonNode summary, string path) => summary.At(path) is not null;

    /// <summary>A server's frame rate; what a busy machine had no time for was due all the same.</summary>
    public static double FramesDuePerSecond(this JsonNode summary) =>
        (summary.Of("frames.rendered") + summary.Of("dropped.render")) / summary.Of("seconds");

    private static JsonNode? At(this JsonNode summary, string path) =>
        path.Split('.').Aggregate((JsonNode?)summary, (node, name) => node?[name]);
}
