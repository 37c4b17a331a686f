var builder = DistributedApplication.CreateBuilder(args);

// What client and detector share, for the frame pipe and the coordinate slot: a volume when deployed (and in it a folder that
// they make, since the volume's own is open to everybody), else a folder of this run.
var publishing = builder.ExecutionContext.IsPublishMode;
var shared = publishing ? "/ball/run" : Directory.CreateTempSubdirectory("ball-aspire-").FullName;
var pipe = Path.Join(shared, "frames");
var slot = Path.Join(shared, "coordinates");

// Windows only where a person asked for the whole show: ./ball run --headless leaves them out, and a cluster has none.
var noGraphics = publishing ? "true" : builder.Configuration["headless"] ?? "false";

var server = builder.AddProject<Projects.BallServer>("server")
    .WithHttpEndpoint()
    .WithEndpoint(scheme: "tcp", name: "signaling", env: "Ball__SignalingPort")
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Ball__NoGraphics", noGraphics)
    .WithUrlForEndpoint("http", url => url.DisplayText = "Ball")
    .PublishAsDockerFile(image => image.WithDockerfile("..", "BallServer/Dockerfile"));

// Whose QUIC carries WebTransport: ./ball run -- --quic=builtin
if (builder.Configuration["quic"] is { } quic)
    server.WithEnvironment("Ball__Quic", quic);

var client = builder.AddProject<Projects.BallClient>("client")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(server)
    .WithEnvironment("Ball__Pipe", pipe)
    .WithEnvironment("Ball__Slot", slot)
    .WithEnvironment("Ball__Detector", "attach")
    .WithEnvironment("Ball__Wait", "forever")
    .WithEnvironment("Ball__NoGraphics", noGraphics)
    .WaitFor(server)
    .PublishAsDockerFile(image => image.WithDockerfile("..", "BallClient/Dockerfile"));

builder.AddProject<Projects.BallDetector>("detector")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Ball__Pipe", pipe)
    .WithEnvironment("Ball__Slot", slot)
    .WithParentRelationship(client)
    .PublishAsDockerFile(image => image.WithDockerfile("..", "BallDetector/Dockerfile"));

builder.Build().Run();
if (!publishing) Directory.Delete(shared, recursive: true);
