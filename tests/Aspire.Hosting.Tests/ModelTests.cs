using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.DotnetProjects;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests;

public class ModelTests
{
    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("has space")]
    [InlineData("two--hyphens")]
    [InlineData("ends-")]
    [InlineData("ünicode")]
    [InlineData("a2345678901234567890123456789012345678901234567890123456789012345")]
    public void An_illegal_name_is_refused(string name)
    {
        using var builder = TestApp.New();
        var e = Assert.Throws<ArgumentException>(() => builder.AddShell(name, "true"));
        Assert.Contains($"'{name}' is invalid", e.Message);
    }

    [Fact]
    public void A_name_is_taken_once_whatever_its_case()
    {
        using var builder = TestApp.New();
        builder.AddShell("server", "true");
        var e = Assert.Throws<DistributedApplicationException>(() => builder.AddShell("SERVER", "true"));
        Assert.Contains("with that name already exists", e.Message);
    }

    [Fact]
    public void A_project_that_is_not_there_is_named()
    {
        using var builder = TestApp.New();
        var e = Assert.Throws<DistributedApplicationException>(() => builder.AddProject("gone", "/nowhere/Gone.csproj"));
        Assert.Contains("'/nowhere/Gone.csproj'", e.Message);
        Assert.Contains("'gone'", e.Message);
    }

    [Fact]
    public void A_launch_profile_that_is_not_there_is_named()
    {
        using var builder = TestApp.New();
        var e = Assert.Throws<DistributedApplicationException>(
            () => builder.AddProject<Projects.Playground_Api>("api", "missing"));
        Assert.Contains("'missing'", e.Message);
    }

    [Fact]
    public void A_resource_cannot_wait_for_itself()
    {
        using var builder = TestApp.New();
        var one = builder.AddShell("one", "true");
        Assert.Throws<DistributedApplicationException>(() => one.WaitFor(one));
    }

    [Fact]
    public void A_resource_cannot_wait_for_its_parent()
    {
        using var builder = TestApp.New();
        var server = builder.AddShell("server", "true");
        var child = builder.AddResource(new Child("child", server.Resource));
        var e = Assert.Throws<DistributedApplicationException>(() => child.WaitFor(server));
        Assert.Contains("cannot wait for its parent 'server'", e.Message);
    }

    [Fact]
    public void An_illegal_name_of_an_endpoint_is_refused()
    {
        using var builder = TestApp.New();
        var e = Assert.Throws<ArgumentException>(() => builder.AddShell("one", "true").WithHttpEndpoint(name: "has space"));
        Assert.Contains("'has space' is invalid", e.Message);
    }

    [Fact]
    public async Task A_circle_of_waits_is_shown()
    {
        await using var builder = TestApp.New();
        var one = builder.AddShell("one", "true");
        var two = builder.AddShell("two", "true").WaitFor(one);
        var three = builder.AddShell("three", "true").WaitForStart(two);
        one.WaitForCompletion(three);
        var app = await builder.BuildAsync();
        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync(TestApp.Limit));
        Assert.Equal("These resources wait for each other in a circle: 'one' -> 'three' -> 'two' -> 'one'.", e.Message);
    }

    [Fact]
    public void The_same_health_check_twice_is_refused()
    {
        using var builder = TestApp.New();
        var api = builder.AddApi();
        Assert.Throws<DistributedApplicationException>(() => api.WithHttpHealthCheck("/health"));
    }

    [Fact]
    public void A_health_check_needs_an_http_endpoint()
    {
        using var builder = TestApp.New();
        var tcp = builder.AddShell("tcp", "true").WithEndpoint(name: "socket", scheme: "tcp");
        Assert.Throws<DistributedApplicationException>(() => tcp.WithHttpHealthCheck());
        Assert.Throws<DistributedApplicationException>(() => tcp.WithHttpHealthCheck(endpointName: "socket"));
    }

    [Fact]
    public async Task A_parameter_comes_from_the_configuration_or_says_what_is_missing()
    {
        await using var builder = TestApp.New("--Parameters:given=yes", "--Parameters:with_hyphen=too");
        Assert.Equal("yes", await builder.AddParameter("given").Resource.GetValueAsync(default));
        Assert.Equal("too", await builder.AddParameter("with-hyphen").Resource.GetValueAsync(default));
        Assert.Equal("fixed", await builder.AddParameter("fixed", "fixed").Resource.GetValueAsync(default));
        var missing = builder.AddParameter("missing");
        var e = Assert.Throws<MissingParameterValueException>(() => { _ = missing.Resource.GetValueAsync(default); });
        Assert.Contains("'Parameters:missing'", e.Message);
    }

    [Fact]
    public async Task An_expression_keeps_its_braces_and_fills_its_holes()
    {
        await using var builder = TestApp.New();
        var name = builder.AddParameter("name", "a b");
        var expression = ReferenceExpression.Create($"{{literal}} {name} {name:uri}");
        Assert.Equal("{literal} a b a%20b", await expression.GetValueAsync(default));
        Assert.Equal("{literal} {name.value} {name.value}", expression.ValueExpression);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{- portForServing \"a\" -}}", "{{- portForServing \"a\" -}}")]
    [InlineData("{{ mine }}", "{{\"{{\"}} mine }}")]
    public void Braces_of_others_are_not_read_as_templates(string text, string escaped) =>
        Assert.Equal(escaped, DcpTemplate.Escape(text));

    [Theory]
    [InlineData(null, "")]
    [InlineData("  a  b ", "a|b")]
    [InlineData("--x \"hello world\" \"\"", "--x|hello world|")]
    public void Arguments_of_a_profile_are_split_as_by_a_shell(string? text, string words) =>
        Assert.Equal(words, string.Join('|', CommandLine.Split(text)));

    [Fact]
    public void Ports_that_cannot_work_are_refused()
    {
        using var builder = TestApp.New();
        builder.AddShell("both", "true").WithEndpoint(port: 16001, targetPort: 16001, scheme: "tcp");
        Assert.Contains("has a proxy", Refusal(builder.Resources[^1]));
        builder.AddShell("differ", "true").WithEndpoint(port: 16002, targetPort: 16003, scheme: "tcp", isProxied: false);
        Assert.Contains("must be the same", Refusal(builder.Resources[^1]));
        builder.AddApi("many").WithReplicas(2).WithEndpoint("extra", e => e.TargetPort = 16004);
        Assert.Contains("multiple replicas", Refusal(builder.Resources[^1]));
        builder.AddApi("bare").WithReplicas(2).WithEndpoint("extra", e => e.IsProxied = false);
        Assert.Contains("proxy-less endpoint", Refusal(builder.Resources[^1]));
        builder.AddShell("one", "true").WithEndpoint(port: 16005, scheme: "tcp");
        builder.AddShell("two", "true").WithEndpoint(port: 16005, scheme: "tcp");
        Assert.Contains("more than once", Refusal([.. builder.Resources.TakeLast(2)]));

        static string Refusal(params IResource[] resources) =>
            Assert.Throws<DistributedApplicationException>(() => EndpointPlan.Make(resources, randomPorts: false)).Message;
    }

    [Fact]
    public void A_launch_profile_gives_endpoints()
    {
        using var builder = TestApp.New();
        var endpoints = builder.AddProject<Projects.Playground_Api>("api", "other").Resource.Annotations
            .OfType<EndpointAnnotation>();
        Assert.Equal([("http", 15291), ("http2", 15292)], endpoints.Select(e => (e.Name, e.Port!.Value)));
        Assert.Empty(builder.AddProject<Projects.Playground_Api>("bare", launchProfileName: null)
            .Resource.Annotations.OfType<EndpointAnnotation>());
    }

    [Fact]
    public void Projects_follow_the_launch_profile_of_the_AppHost_where_they_have_one_of_that_name()
    {
        using var builder = TestApp.New("--DOTNET_LAUNCH_PROFILE=other");
        var endpoints = builder.AddProject<Projects.Playground_Api>("api").Resource.Annotations.OfType<EndpointAnnotation>();
        Assert.Equal([15291, 15292], endpoints.Select(e => e.Port!.Value));
    }

    private sealed class Child(string name, ExecutableResource parent) : Resource(name), IResourceWithParent<ExecutableResource>,
        IResourceWithWaitSupport
    {
        public ExecutableResource Parent => parent;
    }
}
