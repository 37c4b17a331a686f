using System.Diagnostics;
using OpenTelemetry;

namespace BallAspire.ServiceDefaults;

/// <summary>Names the spans of incoming requests as people expect ("GET /peers"), and keeps those of health probes out.</summary>
internal sealed class RequestSpans : BaseProcessor<Activity>
{
    public const string Source = "Microsoft.AspNetCore";

    public override void OnEnd(Activity span)
    {
        if (span.Source.Name != Source || span.GetTagItem("url.path") is not string path)
            return;

        if (path is Extensions.HealthPath or Extensions.AlivePath)
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        else
            span.DisplayName = $"{span.GetTagItem("http.request.method")} {path}";
    }
}
