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
var sockets = (Environment.GetEnvironmentVariable("ECHO_PORTS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
    .Select(port => new UdpClient(new IPEndPoint(IPAddress.Loopback, int.Parse(port)))).ToList();
var echoing = sockets.Select(udp => EchoAsync(udp, app.Lifetime.ApplicationStopping)).ToList();
app.Run();
await Task.WhenAll(echoing);
sockets.ForEach(udp => udp.Dispose());

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
