namespace Ball.Manifests;

/// <summary>
/// The graph for Kubernetes, in the layout and with the names of aspirate (`aspirate generate --include-dashboard`): a folder with
/// deployment, service and kustomization for each resource, and above them the namespace, the Dashboard and what lists it all.
/// </summary>
internal static class KubernetesManifests
{
    public static IEnumerable<ManifestFile> Of(IReadOnlyList<Resource> resources, string @namespace)
    {
        var expressions = new Expressions(resources);
        foreach (var resource in resources)
        {
            foreach (var file in ResourceManifests.Of(resource, expressions))
                yield return file with { Path = $"{resource.Name}/{file.Path}" };
        }
        yield return new ManifestFile("namespace.yaml",
            $"""
            apiVersion: v1
            kind: Namespace
            metadata:
              name: {@namespace}

            """);
        yield return new ManifestFile("dashboard.yaml", DashboardManifest.Text);
        yield return new ManifestFile("kustomization.yaml",
            $"""
            namespace: {@namespace}

            resources:
            {Yaml.Lines(0, resources.Select(resource => $"- {resource.Name}"))}- namespace.yaml
            - dashboard.yaml

            generatorOptions:
              disableNameSuffixHash: true

            """);
    }
}
