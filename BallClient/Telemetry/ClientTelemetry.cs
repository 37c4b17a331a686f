using System.Diagnostics;
using Ball.Measuring;
using Ball.World;

namespace BallClient.Telemetry;

/// <summary>What the client tells the world about each frame. Costs almost nothing while nobody listens.</summary>
internal sealed class ClientTelemetry : IDisposable
{
    private static readonly KeyValuePair<string, object?> s_received = BallInstruments.Stage("received");
    private static readonly KeyValuePair<string, object?> s_decoded = BallInstruments.Stage("decoded");
    private static readonly KeyValuePair<string, object?> s_reported = BallInstruments.Stage("reported");
    private static readonly KeyValuePair<string, object?> s_decode = BallInstruments.Stage("decode");
    private static readonly KeyValuePair<string, object?> s_report = BallInstruments.Stage("report");
    private static readonly KeyValuePair<string, object?> s_seen = BallInstruments.Result("seen");

    private readonly BallInstruments _instruments = new();

    public void Received() => _instruments.Frames.Add(1, s_received);

    public void Decoded(Guid session, uint rtp, long receivedAt, long now, bool isTraced)
    {
        _instruments.Frames.Add(1, s_decoded);
        _instruments.StageLatency.Record((now - receivedAt) / 1e6, s_decode);
        if (isTraced)
            Trace("decode", session, rtp, receivedAt, now);
    }

    public void Detected() => _instruments.Samples.Add(1, s_seen);

    public void Reported(Guid session, uint rtp, long detectedAt, long now, bool isTraced)
    {
        _instruments.Frames.Add(1, s_reported);
        _instruments.StageLatency.Record((now - detectedAt) / 1e6, s_report);
        if (isTraced)
            Trace("report", session, rtp, detectedAt, now);
    }

    public void Dispose() => _instruments.Dispose();

    private void Trace(string stage, Guid session, uint rtp, long from, long to)
    {
        if (_instruments.Source.HasListeners())
            new StageSpans(_instruments.Source, FrameTrace.Of(session, rtp)).Add(stage, ActivityKind.Internal, from, to);
    }
}
