namespace BallServer.Web.Sessions;

/// <summary>Where the page finds WebTransport, and by which certificates; or why there is none.</summary>
internal sealed record WebTransportOffer
{
    public string? Url { get; init; }

    /// <summary>SHA-256 of the certificates that count now, in base64.</summary>
    public IReadOnlyList<string> Hashes { get; init; } = [];

    /// <summary>Whose QUIC it is.</summary>
    public string Quic { get; init; } = "";

    public string Missing { get; init; } = "this server has no QUIC";
}
