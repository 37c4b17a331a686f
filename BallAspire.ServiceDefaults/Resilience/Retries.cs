using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BallAspire.ServiceDefaults;

internal static class Retries
{
    public static IHttpClientBuilder AddRetries(this IHttpClientBuilder http)
    {
        http.Services.TryAddSingleton(TimeProvider.System);
        http.Services.TryAddTransient<RetryHandler>();
        return http.AddHttpMessageHandler<RetryHandler>();
    }
}
