using BallAspire.ServiceDefaults;

namespace BallClient.Hosting;

/// <summary>In a graph the server is found by discovery, unless somebody says where it is.</summary>
internal static class ServerAddress
{
    private const string Host = "Ball:SignalingHost";
    private const string Port = "Ball:SignalingPort";

    public static IConfiguration AddTo(IConfiguration configuration)
    {
        if (configuration[Host] is { Length: > 0 } || configuration[Port] is { Length: > 0 }
            || new ServiceEndpoints(configuration).Find("server", "signaling") is not { } found)
            return configuration;
        return new ConfigurationBuilder()
            .AddConfiguration(configuration)
            .AddInMemoryCollection([new(Host, found.Host), new(Port, $"{found.Port}")])
            .Build();
    }
}
