using System.Text.Json.Nodes;
using Ball.Manifests.Tests.Support;

namespace Ball.Manifests.Tests;

/// <summary>What every pod of ours has to be.</summary>
public class PodTests
{
    private static readonly (string Probe, string Path)[] s_probes =
        [("startupProbe", "/health"), ("readinessProbe", "/health"), ("livenessProbe", "/alive")];

    [RenderingTheory]
    [InlineData("base")]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Services_and_deployments_find_their_pods_and_ports(string folder)
    {
        var rendering = Rendering.For(folder);
        Assert.All(rendering.Of("Deployment"), deployment =>
            Assert.True(rendering.Pods.Single(pod => pod.Name == deployment.Name).Matches(deployment.At("spec/selector")!)));
        foreach (var service in rendering.Of("Service"))
        {
            var pod = Assert.Single(rendering.Pods, pod => pod.IsLabelled(service.Content.Texts("spec/selector")));
            foreach (var port in service.Content.All("spec/ports"))
            {
                var protocol = port["protocol"]?.ToString() ?? "TCP";
                Assert.Single(pod.Containers, container => container.PortOf(port["targetPort"]!, protocol) is not null);
            }
        }
    }

    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Each_container_is_probed_where_it_answers(string folder) => Assert.All(Containers(folder), container =>
    {
        foreach (var (probe, path) in s_probes)
        {
            var get = container.Content.At($"{probe}/httpGet");
            Assert.True(get is not null, $"{container} has no {probe}");
            Assert.NotNull(container.PortOf(get["port"]!));
            if (Graph.Resources.Any(resource => resource.Name == container.Name))
                Assert.Equal(path, get["path"]!.ToString());
        }
    });

    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Ports_of_a_pod_differ_in_number_and_name(string folder) => Assert.All(Rendering.For(folder).Pods, pod =>
    {
        var ports = pod.Containers.SelectMany(container => container.Ports).ToList();
        Assert.Equal(ports.Count, ports.Select(port => port.Name).Distinct().Count());
        Assert.Equal(ports.Count, ports.Select(port => (port.Number, port.Protocol)).Distinct().Count());
    });

    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Volumes_and_mounts_belong_together(string folder) => Assert.All(Rendering.For(folder).Pods, pod =>
        Assert.Equal(
            pod.Spec.All("volumes").Select(volume => volume["name"]!.ToString()).Order(),
            pod.Containers.SelectMany(container => container.Content.All("volumeMounts"))
                .Select(mount => mount["name"]!.ToString()).Distinct().Order()));

    [RenderingTheory]
    [InlineData("base")]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void What_a_pod_names_is_there_unless_it_may_be_missing(string folder)
    {
        var rendering = Rendering.For(folder);
        var named = rendering.Pods.SelectMany(pod => References(pod.Spec)).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, reference => Assert.True(
            rendering.Find(reference.Kind, reference.Name) is not null, $"there is no {reference.Kind} {reference.Name}"));
    }

    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Pods_have_as_few_rights_as_the_restricted_standard_wants(string folder)
    {
        Assert.Equal("restricted", Rendering.For(folder).Find("Namespace", "ball")!
            .Content.Texts("metadata/labels")["pod-security.kubernetes.io/enforce"]);
        Assert.All(Rendering.For(folder).Pods, pod =>
        {
            Assert.True((bool)pod.Spec.At("securityContext/runAsNonRoot")!);
            Assert.NotEqual(0, (int)pod.Spec.At("securityContext/runAsUser")!);
            Assert.Equal("RuntimeDefault", pod.Spec.At("securityContext/seccompProfile/type")!.ToString());
            Assert.False((bool)pod.Spec["automountServiceAccountToken"]!);
            Assert.All(pod.Spec.All("volumes"), volume => Assert.True(volume["emptyDir"] is { } || volume["configMap"] is { }));
            Assert.DoesNotContain(new[] { "hostNetwork", "hostPID", "hostIPC" }, name => pod.Spec[name] is not null);
        });
        Assert.All(Containers(folder), container =>
        {
            var context = container.Content["securityContext"]!;
            Assert.False((bool)context["allowPrivilegeEscalation"]!);
            Assert.True((bool)context["readOnlyRootFilesystem"]!);
            Assert.Equal("ALL", Assert.Single(context.At("capabilities/drop")!.AsArray())!.ToString());
            Assert.Null(context.At("capabilities/add"));
        });
    }

    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Each_container_says_what_it_needs_and_may_take(string folder) => Assert.All(Containers(folder), container =>
        Assert.All(new[] { "requests/cpu", "requests/memory", "limits/cpu", "limits/memory" }, path =>
            Assert.True(container.Content.At($"resources/{path}") is not null, $"{container} has no {path}")));

    [RenderingTheory]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void A_pod_may_end_by_itself_but_not_for_long(string folder) => Assert.All(Rendering.For(folder).Pods, pod =>
        Assert.InRange((int)pod.Spec["terminationGracePeriodSeconds"]!, 3, 10));

    [RenderingFact]
    public void Autoscalers_and_budgets_are_for_what_is_there()
    {
        var rendering = Rendering.For("overlays/scale");
        var scaler = Assert.Single(rendering.Of("HorizontalPodAutoscaler"));
        var scaled = rendering.Pods.Single(pod => pod.Name == scaler.At("spec/scaleTargetRef/name")!.ToString());
        Assert.All(scaler.Content.All("spec/metrics"), metric =>
            Assert.NotNull(scaled.Find(metric.At("containerResource/container")!.ToString())));
        var deployed = rendering.Find("Deployment", scaled.Name)!;
        Assert.Equal((int)scaler.At("spec/minReplicas")!, (int)deployed.At("spec/replicas")!);
        Assert.All(rendering.Of("PodDisruptionBudget"), budget =>
            Assert.Equal(budget.Name, Assert.Single(rendering.Pods, pod => pod.Matches(budget.At("spec/selector")!)).Name));
    }

    private static IEnumerable<Container> Containers(string folder) =>
        Rendering.For(folder).Pods.SelectMany(pod => pod.Containers);

    /// <summary>The ConfigMaps and Secrets that have to be there for a pod to start.</summary>
    private static IEnumerable<(string Kind, string Name)> References(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(References),
        JsonObject members => members.SelectMany(member => member switch
        {
            { Key: "configMapRef" or "configMapKeyRef" or "configMap", Value: { } map } => Needed("ConfigMap", map),
            { Key: "secretRef" or "secretKeyRef" or "secret", Value: { } secret } => Needed("Secret", secret),
            _ => References(member.Value),
        }),
        _ => [],
    };

    private static IEnumerable<(string Kind, string Name)> Needed(string kind, JsonNode reference) =>
        reference["optional"] is { } optional && (bool)optional ? [] : [(kind, reference["name"]!.ToString())];
}
