namespace BallServer.Web.Access;

/// <summary>
/// Whose pages may talk to the server: its own, and those of a list. Programs that are no browser name no origin, and may.
/// </summary>
internal sealed class OriginPolicy(string? origins)
{
    private readonly HashSet<string> _others =
        new(Words.Of(origins, ',').Select(origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    public bool Allows(HttpRequest request) =>
        request.Headers.Origin.Count switch
        {
            0 => true,
            1 => IsOurs(request.Headers.Origin.ToString(), request.Host) || _others.Contains(request.Headers.Origin.ToString()),
            _ => false,
        };

    /// <summary>By the origin's host alone: for connections to another port than the page's.</summary>
    public bool Allows(string origin, HostPolicy hosts) =>
        _others.Contains(origin)
        || Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" && hosts.Knows(new HostString(uri.Host));

    /// <summary>The origin to name to a browser that asks whether a foreign page may; null where it may not.</summary>
    public string? Foreign(HttpRequest request) =>
        request.Headers.Origin is { Count: 1 } origin && _others.Contains(origin.ToString()) ? origin.ToString() : null;

    /// <summary>By host and port: a proxy that ends TLS makes https of our http.</summary>
    public static bool IsOurs(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && host.HasValue
        && string.Equals(uri.IdnHost, host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
        && uri.Port == (host.Port ?? (uri.Scheme == "https" ? 443 : 80));
}
