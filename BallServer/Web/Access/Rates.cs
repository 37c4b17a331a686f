using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace BallServer.Web.Access;

/// <summary>How often one address may ask for what costs something.</summary>
internal static class Rates
{
    /// <summary>New sessions.</summary>
    public const string Sessions = "sessions";

    /// <summary>Changes and looks at the state.</summary>
    public const string Api = "api";

    public static void AddRates(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.AddPolicy(Sessions, context => PerAddress(context, tokens: 40, perSecond: 4));
        options.AddPolicy(Api, context => PerAddress(context, tokens: 100, perSecond: 40));
    });

    private static RateLimitPartition<string> PerAddress(HttpContext context, int tokens, int perSecond) =>
        RateLimitPartition.GetTokenBucketLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "",
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = tokens, TokensPerPeriod = perSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0,
            });
}
