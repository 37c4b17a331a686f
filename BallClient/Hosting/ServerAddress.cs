using BallAspire.ServiceDefaults;

namespace BallClient.Hosting;

/// <summary>In a graph the server is found by discovery, unless somebody says where it is.</summary>
internal static class ServerAddress
{
    private const string Host = "Ball:SignalingHost";
    private const string Port = "Ball:SignalingPort";

    /// <exception cref="SetUpException">What discovery says is no address.</exception>
    public static IConfiguration AddTo(IConfiguration configuration)
    {
        if (configuration[Host] is { Length: > 0 } || configuration[Port] is { Length: > 0 }
            || Find(configuration) is not { } found)
            return configuration;
        return new ConfigurationBuilder()
            .AddConfiguration(configuration)
            .AddInMemoryCollection([new(Host, found.Host), new(Port, $"{found.Port}")])
            .Build();
    }

    private static Uri? Find(IConfiguration configuration)
    {
        try
        {
            return new ServiceEndpoints(configuration).Find("server", "signaling");
        }
        catch (InvalidOperationException e)
        {
            throw new SetUpException(e.Message, e);
        }
    }
}
