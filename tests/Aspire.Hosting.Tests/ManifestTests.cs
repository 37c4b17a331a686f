using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests;

public class ManifestTests
{
    [Fact]
    public async Task A_manifest_is_written_as_Aspire_writes_it()
    {
        var folder = Directory.CreateTempSubdirectory("aspire-manifest-");
        try
        {
            var builder = DistributedApplication.CreateBuilder(["--publisher", "manifest", "--output-path", folder.FullName]);
            var secret = builder.AddParameter("secret", secret: true);
            var project = Path.Join(folder.FullName, "src", "Web.csproj");
            Directory.CreateDirectory(Path.GetDirectoryName(project)!);
            await File.WriteAllTextAsync(project, "<Project />");
            var web = builder.AddProject("web", project)
                .WithHttpEndpoint()
                .WithEndpoint(scheme: "tcp", name: "signaling", env: "PORT")
                .WithExternalHttpEndpoints()
                .WithEnvironment("SECRET", secret);
            builder.AddExecutable("tool", "tool", folder.FullName, "--to", "x").WithReference(web.GetEndpoint("http"));
            builder.AddExecutable("hidden", "tool", folder.FullName).ExcludeFromManifest();
            builder.AddExecutable("box", "tool", Path.Join(folder.FullName, "src"), "/a/path")
                .PublishAsDockerFile(c => c.WithBuildArg("KEY", secret));
            builder.AddProject("packed", project)
                .WithHttpEndpoint()
                .PublishAsDockerFile(c => c.WithDockerfile(folder.FullName, "src/Dockerfile"));
            await builder.Build().RunAsync();

            var written = await File.ReadAllTextAsync(Path.Join(folder.FullName, "aspire-manifest.json"));
            Assert.Equal(Expected, written.ReplaceLineEndings("\n"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_web_project_is_published_with_the_ports_of_a_platform_not_with_its_profile()
    {
        var folder = Directory.CreateTempSubdirectory("aspire-manifest-");
        try
        {
            var file = Path.Join(folder.FullName, "mine.json");
            var builder = DistributedApplication.CreateBuilder(["--publisher", "manifest", "--output-path", file]);
            builder.AddProject<Projects.Playground_Api>("web");
            builder.AddExecutable("tool", "tool", folder.FullName)
                .WithHttpEndpoint(port: 9000, targetPort: 9000, name: "same", isProxied: false)
                .WithHttpEndpoint(port: 9001, targetPort: 9002, name: "other");
            await builder.Build().RunAsync();

            using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(file));
            var resources = manifest.RootElement.GetProperty("resources");
            var web = resources.GetProperty("web");
            Assert.Equal(["http", "https"], web.GetProperty("bindings").EnumerateObject().Select(b => b.Name));
            Assert.Equal("{web.bindings.http.targetPort}", web.GetProperty("env").GetProperty("HTTP_PORTS").GetString());
            Assert.False(web.GetProperty("env").TryGetProperty("PLAYGROUND_PROFILE", out _));
            var bindings = resources.GetProperty("tool").GetProperty("bindings");
            Assert.False(bindings.GetProperty("same").TryGetProperty("port", out _));
            Assert.Equal(9001, bindings.GetProperty("other").GetProperty("port").GetInt32());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_manifest_without_a_place_to_go_is_refused()
    {
        var app = DistributedApplication.CreateBuilder(["--publisher", "manifest"]).Build();
        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.RunAsync());
        Assert.Contains("--output-path", e.Message);
    }

    private const string Expected =
        """
        {
          "resources": {
            "secret": {
              "type": "parameter.v0",
              "value": "{secret.inputs.value}",
              "inputs": {
                "value": {
                  "type": "string",
                  "secret": true
                }
              }
            },
            "web": {
              "type": "project.v0",
              "path": "src/Web.csproj",
              "env": {
                "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY": "in_memory",
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED": "true",
                "HTTP_PORTS": "{web.bindings.http.targetPort}",
                "PORT": "{web.bindings.signaling.targetPort}",
                "SECRET": "{secret.value}"
              },
              "bindings": {
                "http": {
                  "scheme": "http",
                  "protocol": "tcp",
                  "transport": "http",
                  "external": true
                },
                "signaling": {
                  "scheme": "tcp",
                  "protocol": "tcp",
                  "transport": "tcp",
                  "targetPort": 8000
                }
              }
            },
            "tool": {
              "type": "executable.v0",
              "workingDirectory": ".",
              "command": "tool",
              "args": [
                "--to",
                "x"
              ],
              "env": {
                "WEB_HTTP": "{web.bindings.http.url}",
                "services__web__http__0": "{web.bindings.http.url}"
              }
            },
            "box": {
              "type": "container.v1",
              "build": {
                "context": "src",
                "dockerfile": "src/Dockerfile",
                "args": {
                  "KEY": "{secret.value}"
                }
              }
            },
            "packed": {
              "type": "container.v1",
              "build": {
                "context": ".",
                "dockerfile": "src/Dockerfile"
              },
              "env": {
                "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY": "in_memory",
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED": "true",
                "HTTP_PORTS": "{packed.bindings.http.targetPort}"
              },
              "bindings": {
                "http": {
                  "scheme": "http",
                  "protocol": "tcp",
                  "transport": "http",
                  "targetPort": 8080
                }
              }
            }
          }
        }
        """;
}
