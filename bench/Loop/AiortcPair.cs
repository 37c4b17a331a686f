using System.Text.Json;

namespace Loop;

/// <summary>The original task in Python: aiortc, a queue, a process, shared values, <c>cv2.HoughCircles</c>.</summary>
internal sealed class AiortcPair : Contender
{
    private const string Python = "/usr/bin/python3";

    public override string Name => "aiortc";

    protected override ChildProgram StartServer(Scenario scenario, int port, int seconds, string summary) =>
        new(Python, Checkout.AiortcPeer("ball_server.py"), "offer", "--port", $"{port}", "--size", scenario.Size,
            "--fps", $"{scenario.Fps}", "--seconds", $"{seconds}", "--json", summary);

    protected override ChildProgram StartClient(Scenario scenario, int port, int seconds, string summary) =>
        new(Python, Checkout.AiortcPeer("ball_client.py"), "answer", "--port", $"{port}",
            "--seconds", $"{seconds}", "--json", summary);

    protected override double Scored(JsonElement server, JsonElement client) =>
        server.GetProperty("messages").GetDouble() / Math.Max(1, client.GetProperty("frames").GetDouble());
}
