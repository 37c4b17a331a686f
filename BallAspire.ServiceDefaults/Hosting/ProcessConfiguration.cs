using Microsoft.Extensions.Configuration;

namespace BallAspire.ServiceDefaults;

/// <summary>What a process is told other than by its command line: appsettings.json beside it, then the environment.</summary>
public static class ProcessConfiguration
{
    public static IConfigurationRoot Read() => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables("ASPNETCORE_")
        .AddEnvironmentVariables("DOTNET_")
        .AddEnvironmentVariables()
        .Build();
}
