using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ball.WebTransport.Tests;

/// <summary>Debian's ngtcp2 client: a second implementation of QUIC and HTTP/3, by other people.</summary>
public sealed class SecondClientTests
{
    private const string Client = "/usr/bin/gtlsclient";
    private const int Attempts = 5;

    [Theory]
    [InlineData("")]
    [InlineData("--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+CHACHA20-POLY1305:%DISABLE_TLS13_COMPAT_MODE")]
    [InlineData("--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM:%DISABLE_TLS13_COMPAT_MODE")]
    public async Task It_asks_for_a_page_and_learns_that_there_is_none(string arguments) => await AskAsync(arguments);

    [Theory]
    [InlineData("--key-update=20ms --delay-stream=60ms", "key update confirmed")]
    [InlineData("--change-local-addr=20ms --delay-stream=80ms", @"frm rx \d+ 1RTT PATH_RESPONSE")]
    [InlineData("--change-local-addr=20ms --nat-rebinding --delay-stream=80ms", @"frm rx \d+ 1RTT PATH_CHALLENGE")]
    public async Task It_renews_keys_or_moves_before_it_asks(string arguments, string sign)
    {
        // On a busy machine it may ask first, since both go by the clock, and then it ends before it has done the other.
        for (var attempt = 1; !Regex.IsMatch(await AskAsync(arguments), sign); attempt++)
            Assert.True(attempt < Attempts, $"it was never said: {sign}");
    }

    private static async Task<string> AskAsync(string arguments)
    {
        Assert.True(File.Exists(Client), $"{Client} is missing: apt-get install ngtcp2-client");
        await using var server = await EchoServer.StartAsync(new WebTransportServerOptions { Quic = QuicChoice.BuiltIn });
        int port = server.Server.LocalEndPoint.Port;
        string output = await RunAsync(
            $"{arguments} --exit-on-all-streams-close --no-quic-dump 127.0.0.1 {port} https://127.0.0.1:{port}/");
        Assert.Contains(":status: 404", output);
        return output;
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
