using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace BallServer.Web.Access;

/// <summary>Who may change the stream: whoever has the token, and people at this very machine.</summary>
internal sealed class ControlPolicy(string? token, OriginPolicy origins)
{
    private const string Bearer = "Bearer ";

    private readonly byte[]? _token = string.IsNullOrEmpty(token) ? null : Digest(token);

    /// <summary>Whether a token would help.</summary>
    public bool TakesToken => _token is not null;

    public bool Allows(HttpContext context) =>
        origins.Allows(context.Request) && (HasToken(context.Request) || IsAtThisMachine(context));

    private bool HasToken(HttpRequest request)
    {
        var given = request.Headers.Authorization.ToString();
        return _token is not null
            && given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Digest(given[Bearer.Length..].Trim()), _token);
    }

    /// <summary>A proxy on this machine speaks for others, and says so.</summary>
    private static bool IsAtThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } remote
        && IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote)
        && HostPolicy.IsLocal(context.Request.Host.Host)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For")
        && !context.Request.Headers.ContainsKey("Forwarded");

    /// <summary>Equal lengths, so that comparing tells nothing.</summary>
    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
