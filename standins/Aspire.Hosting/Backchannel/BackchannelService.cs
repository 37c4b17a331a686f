using System.Net.Sockets;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Backchannel;

/// <summary>Lets the <c>aspire run</c> command that started us know where the Dashboard is, and stop us.</summary>
internal sealed class BackchannelService(
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    IServiceProvider services,
    ILogger<BackchannelService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (configuration["ASPIRE_BACKCHANNEL_PATH"] is not { Length: > 0 } path) return;
        try
        {
            File.Delete(path);
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(1);
            using var client = await listener.AcceptAsync(stoppingToken).ConfigureAwait(false);
            using var stream = new NetworkStream(client);
            var conversation = new BackchannelConversation(stream, lifetime, services.GetService<DashboardInfo>());
            await conversation.RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            logger.LogDebug(e, "The backchannel '{Path}' has been closed.", path);
        }
    }
}
