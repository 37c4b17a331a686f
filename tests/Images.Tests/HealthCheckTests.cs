using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Images.Tests;

/// <summary>The images' health check, run as an engine runs it, against servers that are well or not.</summary>
public sealed class HealthCheckTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Programs => DockerfileTests.Programs;

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_that_says_it_is_well_is_healthy(string program) =>
        Assert.Equal(0, await CheckAsync(program, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nHealthy"));

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_that_says_it_is_not_is_unhealthy(string program) =>
        Assert.NotEqual(0, await CheckAsync(program, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 3\r\n\r\n200"));

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_that_hangs_up_is_unhealthy(string program) => Assert.NotEqual(0, await CheckAsync(program, ""));

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_that_does_not_listen_is_unhealthy(string program)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = PortOf(listener);
        listener.Stop();
        Assert.NotEqual(0, await RunAsync(program, port));
    }

    private static async Task<int> CheckAsync(string program, string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener, answer);
        var exitCode = await RunAsync(program, PortOf(listener));
        Assert.StartsWith("GET /health HTTP/1.0\r\n", await answering.WaitAsync(s_patience));
        return exitCode;
    }

    private static async Task<string> AnswerAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var asked = new StringBuilder();
        var buffer = new byte[1024];
        while (!asked.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer);
            if (read == 0)
                break;
            asked.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        return asked.ToString();
    }

    private static async Task<int> RunAsync(string program, int port)
    {
        var command = new Dockerfile(program).HealthCheck;
        var start = new ProcessStartInfo(command[0]) { RedirectStandardError = true };
        foreach (var word in command.Skip(1))
            start.ArgumentList.Add(word.Replace("/8080", $"/{port}", StringComparison.Ordinal));
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(s_patience);
        _ = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
