using System.Buffers;
using System.Text.Json;
using Ball.Measuring;
using Ball.World;
using BallServer.Streaming;
using BallServer.Views;

namespace BallServer.Web.Api;

/// <summary>What there is to know, as JSON. The names are a contract with the page and with who watches the server.</summary>
internal static class StateJson
{
    public static ReadOnlyMemory<byte> Problem(string why) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("problem", why);
        json.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> Settings(StreamSettings settings) => Write(json => WriteSettings(json, settings));

    public static ReadOnlyMemory<byte> State(ServerState state) => Write(json =>
    {
        var report = state.Report;
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        json.WriteString("run", state.Run);
        json.WriteString("stack", state.Stack);
        json.WriteNumber("running", Math.Round(report.Running.TotalSeconds, 1));
        json.WriteString("where", report.Where);
        json.WriteNumber("fps", Math.Round(report.Fps, 2));
        json.WritePropertyName("settings");
        WriteSettings(json, report.Settings);
        json.WritePropertyName("frames");
        json.WriteStartObject();
        json.WriteNumber("rendered", report.Frames.Rendered);
        json.WriteNumber("encoded", report.Frames.Encoded);
        json.WriteNumber("dropped", report.Frames.Dropped);
        json.WriteEndObject();
        json.WritePropertyName("peers");
        json.WriteStartArray();
        foreach (var peer in report.Peers)
            WritePeer(json, peer);
        json.WriteEndArray();
        WriteConstants(json, state);
        json.WriteEndObject();
    });

    /// <summary>What does not change from one look to the next; left out of the live feed.</summary>
    private static void WriteConstants(Utf8JsonWriter json, ServerState state)
    {
        if (state.Access is { } access)
        {
            json.WritePropertyName("controls");
            json.WriteStartObject();
            json.WriteBoolean("allowed", access.MayControl);
            json.WriteBoolean("token", access.TakesToken);
            json.WriteEndObject();
            json.WritePropertyName("webTransport");
            json.WriteStartObject();
            if (access.WebTransport is { Url: { } url } offered)
            {
                json.WriteString("url", url);
                json.WriteString("quic", offered.Quic);
                json.WritePropertyName("hashes");
                json.WriteStartArray();
                foreach (var hash in offered.Hashes)
                    json.WriteStringValue(hash);
                json.WriteEndArray();
            }
            else
            {
                json.WriteString("missing", access.WebTransport.Missing);
            }
            json.WriteEndObject();
            json.WritePropertyName("limits");
            WriteLimits(json);
        }
        if (state.Summary is { } summary)
        {
            json.WritePropertyName("summary");
            json.WriteRawValue(summary.ToJson());
        }
    }

    private static void WriteSettings(Utf8JsonWriter json, StreamSettings settings)
    {
        var world = settings.World;
        json.WriteStartObject();
        json.WriteNumber("fps", settings.Fps);
        json.WriteNumber("width", world.Width);
        json.WriteNumber("height", world.Height);
        json.WriteNumber("bitrate", settings.Bitrate);
        json.WriteNumber("speed", world.Speed);
        json.WriteNumber("radius", world.Radius);
        json.WriteString("bounce", world.Bounce == BounceMode.Random ? "random" : "fixed");
        json.WriteNumber("seed", world.Seed);
        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Limit("fps", SettingsLimits.Fps);
        Limit("width", SettingsLimits.Width);
        Limit("height", SettingsLimits.Height);
        Limit("bitrate", SettingsLimits.Bitrate);
        Limit("speed", SettingsLimits.Speed);
        Limit("radius", SettingsLimits.Radius);
        json.WriteEndObject();

        void Limit(string name, SettingsLimits.Range range)
        {
            json.WritePropertyName(name);
            json.WriteStartArray();
            json.WriteNumberValue(range.Min);
            json.WriteNumberValue(range.Max);
            json.WriteEndArray();
        }
    }

    private static void WritePeer(Utf8JsonWriter json, PeerReport peer)
    {
        json.WriteStartObject();
        json.WriteString("name", peer.Name);
        json.WriteString("state", peer.State);
        json.WriteNumber("rate", Math.Round(peer.Rate, 2));
        json.WriteNumber("samples", peer.Samples);
        json.WriteNumber("unmatched", peer.Unmatched);
        Number("error", peer.Error);
        Number("meanError", peer.MeanError);
        Number("realtimeError", peer.RealtimeError);
        if (peer.Latency is { } latency)
            WriteLatency(json, latency);
        Number("clockOffset", peer.Clock.OffsetMilliseconds);
        Number("clockUncertainty", peer.Clock.UncertaintyMilliseconds);
        json.WriteEndObject();

        void Number(string name, double? value)
        {
            if (value is { } known)
                json.WriteNumber(name, Math.Round(known, 4));
        }
    }

    private static void WriteLatency(Utf8JsonWriter json, Percentiles latency)
    {
        json.WritePropertyName("latency");
        json.WriteStartObject();
        json.WriteNumber("p50", latency.P50);
        json.WriteNumber("p95", latency.P95);
        json.WriteNumber("p99", latency.P99);
        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        return buffer.WrittenMemory;
    }
}
