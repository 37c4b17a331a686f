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
app.Run();
