using System.Text.Json;

namespace Loop;

/// <summary>BallServer, BallClient and its BallDetector.</summary>
internal sealed class OurPair(string finder) : Contender
{
    public override string Name => $"ours, {finder}";

    protected override ChildProgram StartServer(Scenario scenario, int port, int seconds, string summary) =>
        new(Checkout.Program("BallServer"), "offer", "--signaling-port", $"{port}",
            "--size", scenario.Size, "--fps", $"{scenario.Fps}", "--urls", "http://127.0.0.1:0",
            "--no-graphics", "--seconds", $"{seconds}", "--json", summary);

    protected override ChildProgram StartClient(Scenario scenario, int port, int seconds, string summary) =>
        new(Checkout.Program("BallClient"), "answer", "--signaling-port", $"{port}", "--finder", finder, "--no-graphics",
            "--seconds", $"{seconds}", "--json", summary);

    protected override double Scored(JsonElement server, JsonElement client) =>
        server.GetProperty("samples").GetDouble() / Math.Max(1, server.GetProperty("frames").GetProperty("sent").GetDouble());
}
