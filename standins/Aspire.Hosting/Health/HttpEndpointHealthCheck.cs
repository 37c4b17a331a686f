using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Health;

/// <summary>Asks a page of an endpoint.</summary>
internal sealed class HttpEndpointHealthCheck(EndpointReference endpoint, string path, int expected) : IHealthCheck
{
    // One for all checks: it holds no state but its connections. Certificates of developers are taken as they are.
    private static readonly HttpClient s_client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!endpoint.IsAllocated)
            return HealthCheckResult.Unhealthy($"Endpoint '{endpoint.EndpointName}' is not allocated yet.");
        var url = new Uri(new Uri(endpoint.Url), path);
        try
        {
            using var response = await s_client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);
            return (int)response.StatusCode == expected
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy(
                    $"Discover endpoint #0 is not responding with code in {expected}...{expected} range, the current status is " +
                    $"{response.StatusCode}.");
        }
        catch (Exception e)
            when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"{url} does not answer: {e.Message}", e);
        }
    }
}
