namespace BallAspire.ServiceDefaults;

/// <summary>Sends <c>http://server/…</c> to where the server is.</summary>
internal sealed class ServiceDiscoveryHandler(ServiceEndpoints endpoints) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A retry asks again, and may get the next address.
        if (request.RequestUri is { } uri)
        {
            request.Options.TryGetValue(s_asked, out var asked);
            request.Options.Set(s_asked, asked ??= uri);
            request.RequestUri = endpoints.Resolve(asked);
        }
        return base.SendAsync(request, cancellationToken);
    }

    private static readonly HttpRequestOptionsKey<Uri?> s_asked = new("BallAspire.ServiceDiscovery.Asked");
}
