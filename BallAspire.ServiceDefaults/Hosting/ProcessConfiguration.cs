using Microsoft.Extensions.Configuration;

namespace BallAspire.ServiceDefaults;

/// <summary>What a process is told other than by its command line: appsettings.json beside it, then the environment.</summary>
public static class ProcessConfiguration
{
    private const string Settings = "appsettings.json";

    /// <exception cref="SetUpException">The file cannot be read.</exception>
    public static IConfigurationRoot Read() => Read(AppContext.BaseDirectory);

    internal static IConfigurationRoot Read(string folder)
    {
        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(folder)
                .AddJsonFile(Settings, optional: true)
                .AddEnvironmentVariables("ASPNETCORE_")
                .AddEnvironmentVariables("DOTNET_")
                .AddEnvironmentVariables()
                .Build();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // What is wrong, and in which line of the file, is said by the innermost.
            var path = Path.Combine(folder, Settings);
            throw new SetUpException($"{path} cannot be read: {e.GetBaseException().Message.TrimEnd('.')}.", e);
        }
    }
}
