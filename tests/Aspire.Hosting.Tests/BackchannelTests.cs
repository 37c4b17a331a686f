using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Tests;

public class BackchannelTests
{
    [Fact]
    public async Task The_command_that_started_us_can_ask_and_stop_us()
    {
        var folder = Directory.CreateTempSubdirectory("aspire-backchannel-");
        var path = Path.Join(folder.FullName, "socket");
        await using var builder = TestApp.New($"--ASPIRE_BACKCHANNEL_PATH={path}");
        builder.AddShell("one", "sleep 1000");
        await using var app = await builder.StartAsync();

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), TestApp.Limit);
        using var stream = new NetworkStream(socket);
        await WriteAsync(stream, """{"jsonrpc":"2.0","method":"$/cancelRequest","params":{}}""");
        await WriteAsync(stream, """{"jsonrpc":"2.0","id":1,"method":"GetCapabilitiesAsync","params":[]}""");
        Assert.Equal("baseline.v2", (string?)(await ReadAsync(stream))["result"]![0]);
        await WriteAsync(stream, """{"jsonrpc":"2.0","id":2,"method":"NoSuchMethod","params":[]}""");
        Assert.Equal(-32601, (int?)(await ReadAsync(stream))["error"]!["code"]);

        var stopping = new TaskCompletionSource();
        app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await WriteAsync(stream, """{"jsonrpc":"2.0","id":3,"method":"RequestStopAsync","params":[]}""");
        await stopping.Task.WaitAsync(TestApp.Limit);
        await app.StopAsync(TestApp.Limit);
        folder.Delete(recursive: true);
    }

    private static async Task WriteAsync(Stream stream, string message) => await stream.WriteAsync(
        Encoding.UTF8.GetBytes($"Content-Length: {message.Length}\r\n\r\n{message}"), TestApp.Limit);

    private static async Task<JsonNode> ReadAsync(Stream stream)
    {
        var header = "";
        var one = new byte[1];
        while (!header.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, TestApp.Limit);
            header += (char)one[0];
        }

        var body = new byte[int.Parse(header.Split(':')[1])];
        await stream.ReadExactlyAsync(body, TestApp.Limit);
        return JsonNode.Parse(body)!;
    }
}
