using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BallDetector;

/// <summary>Ready when the detector would find a ball if a frame came.</summary>
internal sealed class DetectorHealth(Detector detector) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(detector.Trouble is { } trouble
            ? HealthCheckResult.Unhealthy(trouble)
            : HealthCheckResult.Healthy(detector.HasClient ? "Finding the ball" : "Waiting for a client"));
}
