using Ball.Manifests.Tests.Support;

namespace Ball.Manifests.Tests;

/// <summary>What is deployed is the AppHost's graph.</summary>
public class GraphTests
{
    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Each_resource_is_one_container_of_its_own_image(string folder)
    {
        var containers = Rendering.For(folder).Pods.SelectMany(pod => pod.Containers).ToList();
        Assert.All(Graph.Resources, resource =>
        {
            var container = Assert.Single(containers, container => container.Name == resource.Name);
            Assert.Equal(resource.Image, container.Content["image"]!.ToString());
        });
    }

    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Each_container_is_told_what_the_graph_tells_its_resource(string folder)
    {
        foreach (var resource in Graph.Resources)
        {
            var told = ContainerOf(folder, resource.Name).Environment;
            // Two in one pod cannot listen on the same port; that the service knows is tested below.
            var expected = resource.Env.Where(variable => variable.Key != "HTTP_PORTS");
            Assert.All(expected, variable =>
                Assert.Equal(Graph.Expressions.Resolve(variable.Value), told.GetValueOrDefault(variable.Key)));
        }
    }

    [RenderingTheory]
    [InlineData("base")]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Each_endpoint_is_found_at_its_resources_name_and_port(string folder)
    {
        var rendering = Rendering.For(folder);
        foreach (var (resource, binding) in Graph.Endpoints)
        {
            var service = rendering.Find("Service", resource.Name);
            Assert.NotNull(service);
            var port = Assert.Single(service.Content.All("spec/ports"), port => port["name"]!.ToString() == binding.Name);
            Assert.Equal(binding.Port ?? binding.TargetPort, (int)port["port"]!);

            var container = ContainerOf(folder, resource.Name);
            var selector = service.Content.Texts("spec/selector");
            Assert.True(container.Pod.IsLabelled(selector), $"{service} leads elsewhere than to {container}");
            var reached = container.PortOf(port["targetPort"]!);
            Assert.True(reached is not null, $"{service}: {container} has no port {port["targetPort"]}");
            // And the program is told to listen there.
            var variable = binding.Name == "http" ? "HTTP_PORTS" : VariableFor(resource, binding);
            Assert.Equal($"{reached.Number}", container.Environment[variable]);
        }
    }

    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Client_and_detector_share_a_pod_a_user_and_a_folder_in_memory(string folder)
    {
        var client = ContainerOf(folder, "client");
        var detector = ContainerOf(folder, "detector");
        Assert.Same(client.Pod, detector.Pod);
        Assert.Equal(1654, (int)client.Pod.Spec.At("securityContext/runAsUser")!);
        Assert.All([client, detector], container => Assert.Null(container.Content.At("securityContext/runAsUser")));

        foreach (var path in Graph.Named("client").Env.Where(variable => variable.Key is "Ball__Pipe" or "Ball__Slot"))
        {
            Assert.Equal(path.Value, detector.Environment[path.Key]);
            var volumes = new[] { client, detector }.Select(container =>
            {
                var mount = Assert.Single(container.Content.All("volumeMounts"),
                    mount => path.Value.StartsWith($"{mount["mountPath"]}/", StringComparison.Ordinal));
                Assert.Null(mount["readOnly"]);
                // Everybody may write into the volume itself, so that is no place for them.
                Assert.NotEqual(mount["mountPath"]!.ToString(), Path.GetDirectoryName(path.Value));
                return mount["name"]!.ToString();
            });
            var volume = Assert.Single(volumes.Distinct());
            var shared = Assert.Single(client.Pod.Spec.All("volumes"), one => one["name"]!.ToString() == volume);
            Assert.Equal("Memory", shared.At("emptyDir/medium")?.ToString());
        }
    }

    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Media_and_WebTransport_have_the_same_ports_inside_and_outside(string folder)
    {
        var server = ContainerOf(folder, "server");
        var outside = Rendering.For(folder).Find("Service", "server-outside")!;
        foreach (var (name, variable) in new[] { ("media", "Ball__MediaPort"), ("webtransport", "Ball__WebTransportPort") })
        {
            var told = server.Environment[variable];
            var port = Assert.Single(outside.Content.All("spec/ports"), port => port["name"]!.ToString() == name);
            Assert.Equal("UDP", port["protocol"]!.ToString());
            Assert.Equal(told, port["port"]!.ToString());
            Assert.Equal(told, port["nodePort"]!.ToString());
            Assert.Equal(told, $"{server.PortOf(port["targetPort"]!, "UDP")?.Number}");
        }
        var advertised = Assert.Single(server.Content.All("env"), variable => variable["name"]!.ToString() == "Ball__Advertise");
        Assert.Equal("status.hostIP", advertised.At("valueFrom/fieldRef/fieldPath")?.ToString());
    }

    private static Container ContainerOf(string folder, string resource) =>
        Rendering.For(folder).Pods.Select(pod => pod.Find(resource)).OfType<Container>().Single();

    /// <summary>The variable that tells a resource the port of its own endpoint.</summary>
    private static string VariableFor(Resource resource, Binding binding) => Assert.Single(
        resource.Env, variable => variable.Value == $"{{{resource.Name}.bindings.{binding.Name}.targetPort}}").Key;
}
