using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the graph down as a manifest, then ends the application.</summary>
internal sealed class ManifestPublisher(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext executionContext,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    ILogger<ManifestPublisher> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var output = configuration["Pipeline:OutputPath"] ?? throw new DistributedApplicationException(
            "The '--output-path [path]' option was not specified even though manifest publishing was requested.");
        var path = output.EndsWith(".json", StringComparison.Ordinal) ? output : Path.Join(output, "aspire-manifest.json");
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        using (var stream = new FileStream(path, FileMode.Create))
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            var context = new ManifestPublishingContext(executionContext, path, writer, cancellationToken);
            await context.WriteModelAsync(model).ConfigureAwait(false);
        }

        logger.LogInformation("Published manifest to: {ManifestPath}", path);
        lifetime.StopApplication();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
