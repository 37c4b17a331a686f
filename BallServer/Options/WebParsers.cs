using BallServer.Web.Access;

namespace BallServer.Options;

/// <summary>How the lists are read that say which pages and names the server trusts.</summary>
internal static class WebParsers
{
    /// <summary>Origins with commas between, put as browsers put them: no path, no usual port, names in ASCII.</summary>
    public static bool Origins(string text, out string? value, out string expected)
    {
        expected = "a list of origins such as https://player.example, with commas between";
        return All(Words.Of(text, ','), OriginOf, out value);
    }

    /// <summary>Names with commas between, without scheme or port.</summary>
    public static bool Hosts(string text, out string? value, out string expected)
    {
        expected = "a list of names such as ball.example, with commas between and without ports";
        return All(Words.Of(text, ','), HostOf, out value);
    }

    private static bool All(string[] words, Func<string, string?> read, out string? value)
    {
        var all = words.Select(read).ToList();
        value = string.Join(',', all);
        return all.Count > 0 && !all.Contains(null);
    }

    private static string? OriginOf(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || uri.Query.Length > 0
            || uri.Fragment.Length > 0 || uri.AbsolutePath is not ("" or "/") || HostOf(uri.Host) is not { } host)
            return null;
        return uri.IsDefaultPort ? $"{uri.Scheme}://{host}" : $"{uri.Scheme}://{host}:{uri.Port}";
    }

    private static string? HostOf(string text) =>
        Uri.CheckHostName(text) == UriHostNameType.Unknown ? null
        : text.Contains(':') ? text
        : new UriBuilder("http", text).Uri.IdnHost;
}
