using System.Diagnostics;
using System.Text.Json.Nodes;

namespace WebRtcBench;

/// <summary>The other process, as this one sees it.</summary>
internal sealed class Remote : IDisposable
{
    private readonly Process _process;

    public Remote()
    {
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "receiver" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    public async Task<JsonNode> AskAsync(JsonObject order)
    {
        await _process.StandardInput.WriteLineAsync(order.ToJsonString());
        return JsonNode.Parse(await _process.StandardOutput.ReadLineAsync() ?? throw new IOException("The receiver is gone."))!;
    }

    public async Task<Usage> UsageAsync()
    {
        var reply = await AskAsync(new JsonObject { ["usage"] = true });
        return new Usage((double)reply["cpu"]!, (long)reply["allocated"]!, (long)reply["frames"]!, (long)reply["frameBytes"]!);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(5000);
        _process.Dispose();
    }
}
