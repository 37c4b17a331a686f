using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace BallAspire.ServiceDefaults;

/// <summary>
/// Where the services of the graph are, as their host says: <c>services__&lt;name&gt;__&lt;endpoint&gt;__&lt;index&gt;</c> in the
/// environment, or the same anywhere else in the configuration.
/// </summary>
public sealed class ServiceEndpoints(IConfiguration configuration)
{
    private readonly ConcurrentDictionary<string, int> _turns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// An address of that service's endpoint, or null when it is not known. Where there are several, each call gives the
    /// next one.
    /// </summary>
    /// <param name="endpoint">The endpoint's name; for those called http and https, that is the scheme.</param>
    public Uri? Find(string service, string endpoint)
    {
        var addresses = configuration.GetSection($"services:{service}:{endpoint}").GetChildren()
            .Select(child => child.Value)
            .Where(value => !string.IsNullOrWhiteSpace(value))
            .ToList();
        if (addresses.Count == 0)
            return null;

        var turn = _turns.AddOrUpdate($"{service}:{endpoint}", 0, (_, last) => (last + 1) & int.MaxValue);
        var address = addresses[turn % addresses.Count]!;
        return Read(address) ?? throw new InvalidOperationException(
            $"services:{service}:{endpoint} says '{address}', which is no address. Write it like http://localhost:5080.");
    }

    /// <summary>An address, or a name and a port alone, as aspirate writes it for endpoints that are not http.</summary>
    private static Uri? Read(string address)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0)
            return uri;
        return Uri.TryCreate($"tcp://{address}", UriKind.Absolute, out uri) && uri.Port > 0 ? uri : null;
    }

    /// <summary>
    /// Where a request for a service goes: <c>http://server</c>, <c>https+http://server</c> (the first that exists), or
    /// <c>http://_admin.server</c> for an endpoint by name. An address of anything else comes back as it is.
    /// </summary>
    public Uri Resolve(Uri uri)
    {
        var schemes = uri.Scheme.Split('+');
        var host = uri.Host;
        string? endpoint = null;
        if (host.StartsWith('_') && host.IndexOf('.') is > 1 and var dot)
            (endpoint, host) = (host[1..dot], host[(dot + 1)..]);

        foreach (var scheme in schemes)
        {
            if (Find(host, endpoint ?? scheme) is { } found)
            {
                return new UriBuilder(uri) { Scheme = found.Scheme, Host = found.Host, Port = found.Port }.Uri;
            }
        }
        return schemes.Length == 1 ? uri : new UriBuilder(uri) { Scheme = schemes[0] }.Uri;
    }
}
