using System.Text.Json;

namespace Loop;

/// <summary>A server and a client that do the whole loop, and leave a summary each.</summary>
internal abstract class Contender
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(4);

    public abstract string Name { get; }

    protected abstract ChildProgram StartServer(Scenario scenario, int port, int seconds, string summary);

    protected abstract ChildProgram StartClient(Scenario scenario, int port, int seconds, string summary);

    /// <summary>The share of the frames that were scored, from the summaries.</summary>
    protected abstract double Scored(JsonElement server, JsonElement client);

    /// <summary>Runs the loop for some seconds. Processors are measured after the warm-up, alike for everybody.</summary>
    public async Task<LoopResult> RunAsync(Scenario scenario, int seconds)
    {
        var port = FreePort.Next();
        var folder = Directory.CreateTempSubdirectory("ball-bench-");
        try
        {
            var serverSummary = Path.Combine(folder.FullName, "server.json");
            var clientSummary = Path.Combine(folder.FullName, "client.json");
            using var server = StartServer(scenario, port, seconds + 2, serverSummary);
            using var client = StartClient(scenario, port, seconds, clientSummary);

            await Task.Delay(s_warmUp);
            var (serverBefore, clientBefore) = (server.Cpu, client.Cpu);
            var started = TimeProvider.System.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(seconds) - s_warmUp - TimeSpan.FromSeconds(1));
            var (serverUsed, clientUsed) = (server.Cpu - serverBefore, client.Cpu - clientBefore);
            var measured = TimeProvider.System.GetElapsedTime(started);

            await client.EndAsync(TimeSpan.FromSeconds(5));
            await server.EndAsync(TimeSpan.FromSeconds(8));
            return Read(Load(serverSummary, server), Load(clientSummary, client), serverUsed / measured, clientUsed / measured);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The result, from the summaries and the share of a processor that each side used.</summary>
    private LoopResult Read(JsonElement server, JsonElement client, double serverShare, double clientShare)
    {
        // A frame is one that the client got: who loses frames must not look cheap for it.
        var fps = client.GetProperty("fps").GetDouble();
        var latency = server.GetProperty("latency_ms");
        return new LoopResult(
            fps,
            latency.GetProperty("p50").GetDouble(),
            latency.GetProperty("p95").GetDouble(),
            server.GetProperty("error_px").GetProperty("mean").GetDouble(),
            serverShare * 1000 / fps,
            clientShare * 1000 / fps,
            Scored(server, client));
    }

    private static JsonElement Load(string path, ChildProgram program) =>
        File.Exists(path)
            ? JsonDocument.Parse(File.ReadAllText(path)).RootElement
            : throw new InvalidOperationException($"No summary was written. The program said:\n{program.Said}");
}
