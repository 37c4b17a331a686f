using BallServer.Peers;
using BallServer.Streaming;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BallServer.Hosting;

/// <summary>Ready while frames are made.</summary>
internal sealed class StreamHealth(BallStream stream, PeerRoster peers) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(stream.Completion.IsCompleted
            ? HealthCheckResult.Unhealthy("No frames are made any more", stream.Completion.Exception?.InnerException)
            : HealthCheckResult.Healthy($"{peers.Connected} peers watch"));
}
