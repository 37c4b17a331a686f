namespace Ball.Manifests;

/// <summary>One resource's manifests.</summary>
internal static class ResourceManifests
{
    public static IEnumerable<ManifestFile> Of(Resource resource, Expressions expressions)
    {
        yield return new ManifestFile("deployment.yaml", Deployment(resource, expressions));
        yield return new ManifestFile("service.yaml", Service(resource));
        yield return new ManifestFile("kustomization.yaml", Kustomization(resource, expressions));
    }

    private static string Deployment(Resource resource, Expressions expressions)
    {
        var container = string.Concat(
            Yaml.Block(8, "command:", resource.Entrypoint is { } entrypoint ? [$"  - {Yaml.Scalar(entrypoint)}"] : []),
            Yaml.Block(8, "args:", resource.Args.Select(argument => $"- {Yaml.Scalar(expressions.Resolve(argument))}")),
            Yaml.Block(8, "ports:", resource.Bindings.SelectMany(binding => new[]
            {
                $"- name: {binding.Name}",
                $"  containerPort: {binding.TargetPort}",
            })));
        return
            $"""
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {resource.Name}
              labels:
                app: {resource.Name}
            spec:
              minReadySeconds: 60
              replicas: 1
              selector:
                matchLabels:
                  app: {resource.Name}
              strategy:
                type: Recreate
              template:
                metadata:
                  labels:
                    app: {resource.Name}
                spec:
                  containers:
                  - name: {resource.Name}
                    image: {resource.Image}
                    imagePullPolicy: IfNotPresent
            {container}        envFrom:
                    - configMapRef:
                        name: {resource.Name}-env
                  terminationGracePeriodSeconds: 180

            """;
    }

    private static string Service(Resource resource) =>
        $"""
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {resource.Name}
        spec:
          type: ClusterIP
          selector:
            app: {resource.Name}
        {Yaml.Block(2, "ports:", resource.Bindings.SelectMany(binding => new[]
        {
            $"- name: {binding.Name}",
            $"  port: {binding.Port ?? binding.TargetPort}",
            $"  targetPort: {binding.TargetPort}",
        }))}
        """;

    private static string Kustomization(Resource resource, Expressions expressions)
    {
        var env = resource.Env.Select(variable => (variable.Key, Value: expressions.Resolve(variable.Value)))
            .Where(variable => variable.Value.Length > 0)
            .Append((Key: "OTEL_EXPORTER_OTLP_ENDPOINT", Value: DashboardManifest.OtlpUrl))
            .Append((Key: "OTEL_SERVICE_NAME", Value: resource.Name));
        if (resource.IsProject)
            env = env.Append((Key: "ASPNETCORE_URLS", Value: "http://+:8080;"));
        return
            $"""
            resources:
            - deployment.yaml
            - service.yaml

            generatorOptions:
              disableNameSuffixHash: true

            configMapGenerator:
            - name: {resource.Name}-env
              literals:
            {Yaml.Lines(4, env.Select(variable => $"- {Yaml.Scalar($"{variable.Key}={variable.Value}")}"))}
            """;
    }
}
