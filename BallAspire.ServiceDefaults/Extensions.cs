using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace BallAspire.ServiceDefaults;

/// <summary>What every process of the graph calls first.</summary>
public static class Extensions
{
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder => builder;

    public static WebApplication MapDefaultEndpoints(this WebApplication app) => app;
}
