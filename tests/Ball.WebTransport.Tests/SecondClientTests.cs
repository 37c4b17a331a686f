using System.Diagnostics;

namespace Ball.WebTransport.Tests;

/// <summary>Debian's ngtcp2 client: a second implementation of QUIC and HTTP/3, by other people.</summary>
public sealed class SecondClientTests
{
    private const string Client = "/usr/bin/gtlsclient";

    [Theory]
    [InlineData("")]
    [InlineData("--key-update=20ms --delay-stream=60ms")]
    [InlineData("--change-local-addr=20ms --delay-stream=80ms")]
    [InlineData("--change-local-addr=20ms --nat-rebinding --delay-stream=80ms")]
    [InlineData("--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+CHACHA20-POLY1305:%DISABLE_TLS13_COMPAT_MODE")]
    [InlineData("--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM:%DISABLE_TLS13_COMPAT_MODE")]
    public async Task It_asks_for_a_page_and_learns_that_there_is_none(string arguments)
    {
        Assert.True(File.Exists(Client), $"{Client} is missing: apt-get install ngtcp2-client");
        await using var server = await EchoServer.StartAsync(new WebTransportServerOptions { Quic = QuicChoice.BuiltIn });
        int port = server.Server.LocalEndPoint.Port;
        string output = await RunAsync(
            $"{arguments} --exit-on-all-streams-close --no-quic-dump 127.0.0.1 {port} https://127.0.0.1:{port}/");
        Assert.Contains(":status: 404", output);
    }

    private static async Task<string> RunAsync(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Client, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return await output + await errors;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
