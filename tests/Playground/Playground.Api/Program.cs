using System.Net;
using System.Net.Sockets;

// A program that does what a test tells it to.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();
var sick = false;

app.MapGet("/", () => $"hello from {Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME")}");
app.MapGet("/health", () => sick ? Results.StatusCode(503) : Results.Ok());
app.MapGet("/env/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
app.MapGet("/args", () => string.Join('\n', args));
app.MapGet("/pid", () => Environment.ProcessId);
app.MapGet("/folder", () => Environment.CurrentDirectory);
app.MapPost("/sick/{now:bool}", (bool now) => { sick = now; });
app.MapPost("/exit/{code:int}", (int code) => Environment.Exit(code));

Console.WriteLine($"Playground.Api has the arguments [{string.Join(", ", args)}]");
Console.Error.WriteLine("Playground.Api can complain too");
using var udp = int.TryParse(Environment.GetEnvironmentVariable("ECHO_PORT"), out var port)
    ? new UdpClient(new IPEndPoint(IPAddress.Loopback, port))
    : null;
var echoing = udp is null ? Task.CompletedTask : EchoAsync(udp, app.Lifetime.ApplicationStopping);
app.Run();
await echoing;

static async Task EchoAsync(UdpClient udp, CancellationToken stopping)
{
    try
    {
        while (await udp.ReceiveAsync(stopping) is var datagram)
            await udp.SendAsync(datagram.Buffer, datagram.RemoteEndPoint, stopping);
    }
    catch (OperationCanceledException)
    {
        // The program ends.
    }
}
