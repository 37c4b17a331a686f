using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests;

public class EndpointTests
{
    [Fact]
    public async Task An_https_endpoint_is_served_through_the_proxy_and_told_to_others()
    {
        var folder = Directory.CreateTempSubdirectory("aspire-https-");
        var certificate = Path.Join(folder.FullName, "server.pfx");
        await File.WriteAllBytesAsync(certificate, NewCertificate());
        await using var builder = TestApp.New();
        var api = builder.AddProject<Projects.Playground_Api>("api")
            .WithHttpsEndpoint()
            .WithHttpHealthCheck("/health", endpointName: "http")
            .WithEnvironment("Kestrel__Certificates__Default__Path", certificate);
        builder.AddShell("other", "echo url=$services__api__https__0 same=$API_HTTPS").WithReference(api);
        await using var app = await builder.StartAsync();
        await app.Healthy("api");

        var address = app.GetEndpoint("api");
        Assert.Equal("https", address.Scheme);
        using var trusting = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        using var client = new HttpClient(trusting) { BaseAddress = address };
        Assert.Equal("hello from api", await client.GetStringAsync("/"));
        Assert.Equal(address.Port.ToString(), await client.GetStringAsync("/env/ASPNETCORE_HTTPS_PORT"));
        var urls = await client.GetStringAsync("/env/ASPNETCORE_URLS");
        Assert.Matches("^http://localhost:[0-9]+;https://localhost:[0-9]+$", urls);
        Assert.DoesNotContain($":{address.Port}", urls);
        var url = address.ToString().TrimEnd('/');
        await app.LogLineWith("other", $"url={url} same={url}");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Links_are_changed_added_and_taken_away()
    {
        await using var builder = TestApp.New();
        builder.AddShell("one", "sleep 1000")
            .WithHttpEndpoint().WithHttpEndpoint(name: "admin").WithEndpoint(name: "raw", scheme: "tcp")
            .WithUrl("https://example.org/manual", "Manual")
            .WithUrlForEndpoint("http", url =>
            {
                url.DisplayText = "Front door";
                url.Url = "/start";
            })
            .WithUrlForEndpoint("raw", url => url.DisplayText = "Raw")
            .WithUrlForEndpoint("http", at => new ResourceUrlAnnotation { Url = "/more", DisplayText = at.EndpointName })
            .WithUrls(context =>
            {
                context.Urls.RemoveAll(u => u.Endpoint?.EndpointName == "admin");
                foreach (var raw in context.Urls.Where(u => u.Endpoint?.EndpointName == "raw"))
                    raw.DisplayLocation = UrlDisplayLocation.DetailsOnly;
            });
        await using var app = await builder.StartAsync();
        var running = await app.ResourceNotifications.WaitForResourceAsync(
            "one", e => e.Snapshot.State?.Text == KnownResourceStates.Running && e.Snapshot.Urls.Any(u => !u.IsInactive),
            TestApp.Limit);
        var seen = running.Snapshot.Urls;
        var http = seen.First(u => u.Name == "http");
        Assert.Equal(new Uri(app.GetEndpoint("one", "http"), "/start").ToString(), http.Url);
        Assert.Equal("Front door", http.DisplayProperties.DisplayName);
        Assert.Contains(seen, u => u is { Url: "https://example.org/manual", DisplayProperties.DisplayName: "Manual" });
        Assert.Contains(seen, u => u is { Name: "raw", IsInternal: true, DisplayProperties.DisplayName: "Raw" });
        Assert.Equal("http", seen.Single(u => u.Url.EndsWith("/more", StringComparison.Ordinal)).DisplayProperties.DisplayName);
        Assert.DoesNotContain(seen, u => u.Name == "admin");
    }

    [Fact]
    public async Task A_connection_string_is_handed_on()
    {
        await using var builder = TestApp.New("--ConnectionStrings:store=Host=here;Port=1");
        var store = builder.AddConnectionString("store");
        builder.AddShell("one", "echo told=$ConnectionStrings__store").WithReference(store);
        builder.AddShell("two", "echo told=$ConnectionStrings__cache").WithReference(store, connectionName: "cache");
        await using var app = await builder.StartAsync();
        await app.LogLineWith("one", "told=Host=here;Port=1");
        await app.LogLineWith("two", "told=Host=here;Port=1");
        Assert.Equal("Host=here;Port=1", await app.GetConnectionStringAsync("store", TestApp.Limit));
    }

    [Fact]
    public async Task A_missing_connection_string_fails_only_who_needs_it()
    {
        await using var builder = TestApp.New();
        var store = builder.AddConnectionString("store");
        builder.AddShell("needs", "true").WithReference(store);
        builder.AddShell("does-not", "exit 0");
        await using var app = await builder.StartAsync();
        await app.Is("needs", KnownResourceStates.FailedToStart);
        Assert.Contains("'store'", await app.LogLineWith("needs", "onnection string"));
        await app.Is("does-not", KnownResourceStates.Finished);
    }

    private static byte[] NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.Export(X509ContentType.Pfx);
    }
}
