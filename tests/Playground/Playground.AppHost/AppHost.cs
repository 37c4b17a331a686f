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

builder.Build().Run();
