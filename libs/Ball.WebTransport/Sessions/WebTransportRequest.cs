using System.Net;

namespace Ball.WebTransport;

/// <summary>What a page asks for when it opens a session.</summary>
/// <param name="Path">The path with its query.</param>
/// <param name="Authority">The host and port that it asked.</param>
/// <param name="Origin">The page's origin; null from clients that are no browsers.</param>
/// <param name="Remote">Where it comes from.</param>
public sealed record WebTransportRequest(string Path, string Authority, string? Origin, IPEndPoint Remote);
