using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BallAspire.ServiceDefaults;

/// <summary>Says at start which stack the process runs on, so that no measurement is read for the other one's.</summary>
internal sealed partial class StackAnnouncement(IHostEnvironment environment, ILogger<StackAnnouncement> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        LogStack(environment.ApplicationName, BallStack.Name, Environment.Version);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "{Application} on the {Stack} stack, .NET {Version}")]
    private partial void LogStack(string application, string stack, Version version);
}
