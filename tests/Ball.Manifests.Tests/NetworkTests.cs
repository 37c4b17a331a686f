using System.Text.Json.Nodes;
using Ball.Manifests.Tests.Support;

namespace Ball.Manifests.Tests;

/// <summary>The network lets through what the graph needs, and nothing else.</summary>
public class NetworkTests
{
    private const int Otlp = 18889;

    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void The_client_reaches_the_servers_endpoints_and_its_media(string folder)
    {
        var (client, server) = (Find(folder, "client"), Find(folder, "server"));
        Assert.All(Graph.Named("server").Bindings, binding =>
            Assert.True(Allows(folder, client, server, binding.TargetPort, "TCP")));
        Assert.True(Allows(folder, client, server, int.Parse(server.Find("server")!.Environment["Ball__MediaPort"]), "UDP"));
        // A port of the client's is any.
        Assert.True(Allows(folder, server, client, 50000, "UDP"));
    }

    [RenderingTheory]
    [InlineData("overlays/minikube", "aspire-dashboard")]
    [InlineData("overlays/scale", "otel-collector", "aspire-dashboard")]
    public void Telemetry_goes_its_way_and_no_other(string folder, params string[] way)
    {
        foreach (var sender in new[] { Find(folder, "server"), Find(folder, "client") })
        {
            var from = sender;
            foreach (var next in way)
            {
                var to = Find(folder, next);
                var port = to.Containers.SelectMany(container => container.Ports).Single(port => port.Name == "otlp").Number;
                Assert.True(Allows(folder, from, to, port, "TCP"), $"{from} does not reach {to}");
                from = to;
            }
            Assert.Equal(way.Length == 1, Allows(folder, sender, from, Otlp, "TCP"));
            Assert.All(sender.Containers, container =>
                Assert.StartsWith($"http://{way[0]}:", container.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"]));
        }
    }

    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void From_outside_there_are_the_page_and_its_media_and_nothing_else(string folder)
    {
        var open = Rendering.For(folder).Pods.SelectMany(pod => pod.Containers).SelectMany(container => container.Ports
            .Where(port => Admits(folder, "Ingress", "from", container.Pod, null, port.Number, port.Protocol))
            .Select(port => $"{container.Name} {port.Name}"));
        Assert.Equal(["server http", "server media", "server webtransport"], open.Order());
    }

    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Who_has_nothing_to_say_to_the_server_cannot(string folder)
    {
        var (dashboard, server) = (Find(folder, "aspire-dashboard"), Find(folder, "server"));
        Assert.False(Allows(folder, dashboard, server, 8080, "TCP"));
        Assert.False(Allows(folder, server, Find(folder, "client"), 8080, "TCP"));
        Assert.False(Allows(folder, Find(folder, "client"), dashboard, 18888, "TCP"));
    }

    private static Pod Find(string folder, string name) => Rendering.For(folder).Pods.Single(pod => pod.Name == name);

    private static bool Allows(string folder, Pod from, Pod to, int port, string protocol) =>
        Admits(folder, "Egress", "to", from, to, port, protocol) && Admits(folder, "Ingress", "from", to, from, port, protocol);

    /// <summary>Whether what holds for a pod lets it talk with another; null is somebody outside the cluster.</summary>
    private static bool Admits(string folder, string direction, string whom, Pod pod, Pod? other, int port, string protocol)
    {
        var policies = Rendering.For(folder).Of("NetworkPolicy")
            .Where(policy => pod.Matches(policy.At("spec/podSelector")!)
                && policy.At("spec/policyTypes")!.AsArray().Any(type => type!.ToString() == direction))
            .ToList();
        Assert.NotEmpty(policies);
        return policies.SelectMany(policy => policy.Content.All($"spec/{direction.ToLowerInvariant()}")).Any(rule =>
            (rule[whom] is null || other is not null && rule.All(whom).Any(peer => IsMeant(peer, other)))
            && (rule["ports"] is null || rule.All("ports").Any(one =>
                (one["protocol"]?.ToString() ?? "TCP") == protocol && (one["port"] is not { } only || (int)only == port))));
    }

    private static bool IsMeant(JsonObject peer, Pod pod) => peer["podSelector"] is { } selector ? pod.Matches(selector) : true;
}
