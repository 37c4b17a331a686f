using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace BallAspire.ServiceDefaults;

internal static class ProbeEndpoint
{
    /// <summary>An endpoint that something calls every few seconds: it leaves no trace and does not count as traffic.</summary>
    public static IEndpointConventionBuilder AsProbe(this IEndpointConventionBuilder endpoint)
    {
        endpoint.Add(building =>
        {
            var answer = building.RequestDelegate!;
            building.RequestDelegate = context =>
            {
                if (context.Features.Get<IHttpActivityFeature>()?.Activity is { } activity)
                    activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
                return answer(context);
            };
        });
        return endpoint.DisableHttpMetrics();
    }
}
