using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ball.World;

namespace BallClient.Telemetry;

/// <summary>What the client tells the world about each frame. Costs almost nothing while nobody listens.</summary>
internal sealed class ClientTelemetry : IDisposable
{
    private const string Name = "Ball";
    private static readonly KeyValuePair<string, object?> s_received = new("stage", "received");
    private static readonly KeyValuePair<string, object?> s_decoded = new("stage", "decoded");
    private static readonly KeyValuePair<string, object?> s_reported = new("stage", "reported");
    private static readonly KeyValuePair<string, object?> s_decode = new("stage", "decode");
    private static readonly KeyValuePair<string, object?> s_report = new("stage", "report");
    private static readonly KeyValuePair<string, object?> s_seen = new("result", "seen");

    private readonly Meter _meter = new(Name);
    private readonly ActivitySource _source = new(Name);
    private readonly Counter<long> _frames;
    private readonly Counter<long> _samples;
    private readonly Histogram<double> _latency;

    public ClientTelemetry()
    {
        _frames = _meter.CreateCounter<long>("ball.frames", "{frame}", "Frames that passed a stage");
        _samples = _meter.CreateCounter<long>("ball.samples", "{sample}", "Coordinates that the detector published");
        _latency = _meter.CreateHistogram<double>("ball.stage.latency", "ms", "Time a frame spent in a stage");
    }

    public void Received() => _frames.Add(1, s_received);

    public void Decoded(Guid session, uint rtp, long receivedAt, long now)
    {
        _frames.Add(1, s_decoded);
        _latency.Record((now - receivedAt) / 1e6, s_decode);
        Trace("decode", session, rtp, receivedAt, now);
    }

    public void Detected() => _samples.Add(1, s_seen);

    public void Reported(Guid session, uint rtp, long detectedAt, long now)
    {
        _frames.Add(1, s_reported);
        _latency.Record((now - detectedAt) / 1e6, s_report);
        Trace("report", session, rtp, detectedAt, now);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _source.Dispose();
    }

    private void Trace(string stage, Guid session, uint rtp, long from, long to)
    {
        if (_source.HasListeners() && FrameTrace.IsSampled(session, rtp))
            new StageSpans(_source, FrameTrace.Of(session, rtp)).Add(stage, ActivityKind.Internal, from, to);
    }
}
