using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BallAspire.ServiceDefaults;

internal static class ServiceDiscovery
{
    public static void AddServiceDiscovery(this IServiceCollection services)
    {
        services.TryAddSingleton<ServiceEndpoints>();
        services.TryAddTransient<ServiceDiscoveryHandler>();
    }

    public static IHttpClientBuilder AddServiceDiscovery(this IHttpClientBuilder http) =>
        http.AddHttpMessageHandler<ServiceDiscoveryHandler>();
}
