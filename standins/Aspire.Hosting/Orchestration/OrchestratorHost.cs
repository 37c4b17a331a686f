using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>Starts the engine and the resources with the host, and ends them with it.</summary>
internal sealed class OrchestratorHost(DcpHost engine, Orchestrator orchestrator) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await engine.StartAsync(cancellationToken).ConfigureAwait(false);
        await orchestrator.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await engine.StopAsync(cancellationToken).ConfigureAwait(false);
        await orchestrator.EndAsync().ConfigureAwait(false);
    }
}
