using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.Tests;

/// <summary>What a resource is told of those that it refers to.</summary>
public class ReferenceTests
{
    [Fact]
    public async Task Endpoints_go_by_their_names_and_hidden_ones_are_not_told()
    {
        using var builder = TestApp.New();
        var api = Api(builder, "my-api").WithHttpEndpoint().WithEndpoint(name: "grpc", scheme: "http")
            .WithEndpoint("private", e => e.ExcludeReferenceEndpoint = true);
        Assert.Equal(
            new()
            {
                ["MY_API_HTTP"] = "{my-api.bindings.http.url}",
                ["services__my-api__http__0"] = "{my-api.bindings.http.url}",
                ["MY_API_GRPC"] = "{my-api.bindings.grpc.url}",
                ["services__my-api__grpc__0"] = "{my-api.bindings.grpc.url}",
            },
            await ToldAsync(builder.AddShell("who", "true").WithReference(api)));
    }

    [Fact]
    public async Task Endpoints_called_http_or_https_go_by_their_schemes()
    {
        using var builder = TestApp.New();
        var secure = Api(builder, "secure").WithEndpoint("http", e => e.UriScheme = "https");
        var plain = Api(builder, "plain").WithHttpEndpoint().WithEndpoint("https", e => e.UriScheme = "http");
        var told = await ToldAsync(builder.AddShell("who", "true").WithReference(secure).WithReference(plain));
        Assert.Equal("{secure.bindings.http.url}", told["services__secure__https__0"]);
        Assert.Equal("{plain.bindings.http.url}", told["services__plain__http__0"]);
        Assert.Equal("{plain.bindings.https.url}", told["services__plain__http__1"]);
    }

    [Fact]
    public async Task One_endpoint_of_several_is_told_alone()
    {
        using var builder = TestApp.New();
        var api = Api(builder, "api").WithHttpEndpoint().WithEndpoint(name: "admin", scheme: "http");
        var told = await ToldAsync(builder.AddShell("who", "true").WithReference(api.GetEndpoint("admin")));
        Assert.Equal(["API_ADMIN", "services__api__admin__0"], told.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_reference_may_have_a_name_of_its_own()
    {
        using var builder = TestApp.New();
        var api = Api(builder, "api").WithHttpEndpoint();
        var told = await ToldAsync(builder.AddShell("who", "true").WithReference(api, "store"));
        Assert.Equal(["services__store__http__0", "store_HTTP"], told.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_place_outside_is_told_by_its_address()
    {
        using var builder = TestApp.New();
        var who = builder.AddShell("who", "true").WithReference("maps", new Uri("https://example.org/v1/"));
        Assert.Equal(
            new() { ["services__maps__default__0"] = "https://example.org/v1/", ["maps"] = "https://example.org/v1/" },
            await ToldAsync(who));
        Assert.Throws<InvalidOperationException>(() => who.WithReference("asked", new Uri("https://example.org/?key=1")));
        Assert.Throws<InvalidOperationException>(() => who.WithReference("part", new Uri("https://example.org/#here")));
    }

    private static IResourceBuilder<ProjectResource> Api(IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject<Projects.Playground_Api>(name, launchProfileName: null);

    private static async Task<Dictionary<string, string>> ToldAsync(IResourceBuilder<ExecutableResource> who)
    {
        var told = await ExecutionValues.VariablesAsync(
            who.Resource, who.ApplicationBuilder.ExecutionContext, NullLogger.Instance, CancellationToken.None);
        return told.ToDictionary(
            v => v.Key, v => v.Value is IManifestExpressionProvider later ? later.ValueExpression : (string)v.Value);
    }
}
