using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace QuicBench;

/// <summary>The server's process, as this one sees it.</summary>
internal sealed class Remote : IDisposable
{
    private readonly Process _process;
    private readonly Contender _contender;

    private Remote(Process process, Contender contender, IPEndPoint address, byte[] hash)
    {
        _process = process;
        _contender = contender;
        Address = address;
        Hash = hash;
    }

    public IPEndPoint Address { get; }

    public byte[] Hash { get; }

    public static async Task<Remote> StartAsync(Contender contender)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["server", contender.Name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true
        })!;
        var said = await ReadAsync(process);
        var address = new IPEndPoint(IPAddress.Loopback, (int)said["port"]!);
        return new Remote(process, contender, address, Convert.FromHexString((string)said["hash"]!));
    }

    public Task<Client> ConnectAsync() => _contender.Connect(Address, Hash);

    public async Task<Usage> UsageAsync()
    {
        await _process.StandardInput.WriteLineAsync("usage");
        var said = await ReadAsync(_process);
        return new Usage((double)said["cpu"]!, (long)said["allocated"]!);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }

    private static async Task<JsonNode> ReadAsync(Process process) =>
        JsonNode.Parse(await process.StandardOutput.ReadLineAsync() ?? throw new IOException("The server's process is gone."))!;
}
