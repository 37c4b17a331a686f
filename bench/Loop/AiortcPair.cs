using System.Globalization;
using System.Text.Json;

namespace Loop;

/// <summary>The original task in Python: aiortc, a queue, a process, shared values, <c>cv2.HoughCircles</c>.</summary>
internal sealed class AiortcPair : Contender
{
    private const string Python = "/usr/bin/python3";

    public override string Name => "aiortc";

    protected override ChildProgram StartServer(Scenario scenario, int port, int seconds, string summary) =>
        new(Python, Checkout.AiortcPeer("ball_server.py"), "offer", "--port", $"{port}", "--size", scenario.Size,
            "--fps", $"{scenario.Fps}", "--seconds", Text(seconds), "--json", summary);

    protected override ChildProgram StartClient(Scenario scenario, int port, int seconds, string summary) =>
        new(Python, Checkout.AiortcPeer("ball_client.py"), "answer", "--port", $"{port}",
            "--seconds", Text(seconds), "--json", summary);

    protected override LoopResult Read(JsonElement server, JsonElement client, double serverShare, double clientShare) => new(
        client.GetProperty("fps").GetDouble(),
        server.GetProperty("latency_ms").GetProperty("p50").GetDouble(),
        server.GetProperty("latency_ms").GetProperty("p95").GetDouble(),
        server.GetProperty("error_px").GetProperty("mean").GetDouble(),
        MillisecondsPerFrame(serverShare, client.GetProperty("fps").GetDouble()),
        MillisecondsPerFrame(clientShare, client.GetProperty("fps").GetDouble()),
        server.GetProperty("messages").GetDouble() / Math.Max(1, client.GetProperty("frames").GetDouble()));

    private static string Text(int seconds) => seconds.ToString(CultureInfo.InvariantCulture);
}
