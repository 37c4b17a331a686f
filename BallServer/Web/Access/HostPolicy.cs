using System.Net;

namespace BallServer.Web.Access;

/// <summary>
/// Which names the server answers to. A name that anybody can point at this machine (DNS rebinding) is none of them, so pages of
/// others cannot pass for ours. A bare address cannot be rebound and is always one; so is a name without a dot, such as a
/// service's in a cluster, since nobody outside can own it.
/// </summary>
internal sealed class HostPolicy
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="hosts">Names with commas between.</param>
    /// <param name="urls">Where the server listens, with semicolons between; names in it are its own.</param>
    public HostPolicy(string? hosts, string urls)
    {
        _names.UnionWith(Words.Of(hosts, ','));
        foreach (var url in Words.Of(urls, ';'))
        {
            if (Uri.TryCreate(url, UriKind.Absolute, out var uri))
                _names.Add(uri.Host);
        }
    }

    public bool Knows(HostString host)
    {
        var name = host.Host;
        return name.Length > 0
            && (!name.Contains('.') || IsLocal(name) || IPAddress.TryParse(name.Trim('[', ']'), out _) || _names.Contains(name));
    }

    /// <summary>Whether a name means this very machine, wherever it is said.</summary>
    public static bool IsLocal(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(name.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);
}
