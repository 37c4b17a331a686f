var builder = DistributedApplication.CreateBuilder(args);

if (builder.Configuration["Playground:FailToBuild"] == "true") throw new InvalidOperationException("told to fail");

var greeting = builder.AddParameter("greeting", "hello");

var api = builder.AddProject<Projects.Playground_Api>("api")
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    .WithEnvironment("GREETING", greeting);

builder.AddProject<Projects.Playground_Api>("front", "other")
    .WithReference(api)
    .WaitFor(api);

// What a user can get wrong, one at a time.
switch (builder.Configuration["Playground:Broken"])
{
    case "name": builder.AddExecutable("has space", "true", "/"); break;
    case "twice": builder.AddExecutable("API", "true", "/"); break;
    case "path": builder.AddProject("gone", "../Gone/Gone.csproj"); break;
    case "circle": api.WaitFor(builder.AddExecutable("second", "sleep", "/", "1000").WaitFor(api)); break;
    case "exits": api.WaitFor(builder.AddExecutable("first", "/bin/sh", "/", "-c", "echo oh dear; exit 3")); break;
    case "deaf": builder.AddExecutable("deaf", "/bin/sh", "/", "-c", "trap '' TERM INT; while :; do sleep 1; done"); break;
}

builder.Build().Run();
