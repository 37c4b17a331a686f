using Ball.Manifests.Tests.Support;

namespace Ball.Manifests.Tests;

public class SchemaTests
{
    private const string Deployment =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: x}
        spec:
          selector: {matchLabels: {app: x}}
          template:
            metadata: {labels: {app: x}}
            spec:
              containers:
              - {name: x, image: y, ports: [{containerPort: 1}]}
        """;

    [RenderingTheory]
    [InlineData("base")]
    [InlineData("overlays/minikube")]
    [InlineData("overlays/scale")]
    public void Every_document_is_what_Kubernetes_knows(string folder) =>
        Assert.All(Rendering.For(folder).Documents, document => Assert.True(
            document.Problems.Count == 0, $"{document}: {string.Join("; ", document.Problems)}"));

    [RenderingFact]
    public void What_is_right_has_no_problem() => Assert.Empty(Assert.Single(Rendering.Check(Deployment)).Problems);

    [RenderingTheory]
    [InlineData("image: y", "imagee: y", "imagee is unknown")]
    [InlineData("containerPort: 1", "containerPort: one", "/ports/0/containerPort type")]
    [InlineData("selector: {matchLabels: {app: x}}", "replicas: 1", "required")]
    [InlineData("name: x, image: y", "name: x, name: y", "duplicated")]
    [InlineData("kind: Deployment", "kind: Depolyment", "there is no Depolyment in apps/v1")]
    [InlineData("apps/v1", "apps/v1beta1", "apps/v1beta1 may be gone")]
    public void A_mistake_is_a_problem(string right, string wrong, string problem) =>
        Assert.Contains(problem, string.Join('\n', Assert.Single(Rendering.Check(Deployment.Replace(right, wrong))).Problems));
}
