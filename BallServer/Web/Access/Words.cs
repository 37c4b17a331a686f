namespace BallServer.Web.Access;

/// <summary>Lists as people write them on a command line.</summary>
internal static class Words
{
    public static string[] Of(string? text, char separator) =>
        text?.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
