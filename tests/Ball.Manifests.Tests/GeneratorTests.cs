namespace Ball.Manifests.Tests;

public class GeneratorTests
{
    private const string Aspire =
        """
        {
          "resources": {
            "store": {
              "type": "container.v0",
              "image": "registry.example/store:7",
              "entrypoint": "/bin/store",
              "args": ["--level", "yes"],
              "env": { "EMPTY": "", "TOLD": "a: b #c", "WEB": "{web.bindings.http.url}" },
              "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "port": 7000, "targetPort": 6379 } }
            },
            "web": {
              "type": "project.v0",
              "path": "Web.csproj",
              "env": {
                "PORT": "{web.bindings.http.targetPort}",
                "STORE": "{store.bindings.tcp.url}",
                "WHERE": "{store.bindings.tcp.host}:{store.bindings.tcp.port}",
                "HOW": "{store.bindings.tcp.scheme}",
                "BRACES": "{{x}}"
              },
              "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "external": true } }
            }
          }
        }
        """;

    private static readonly Dictionary<string, string> s_files =
        KubernetesManifests.Of(AspireManifest.Read(Aspire), "here").ToDictionary(file => file.Path, file => file.Text);

    [Fact]
    public void There_is_a_folder_for_each_resource_and_a_list_above() =>
        Assert.Equal(
            [
                "dashboard.yaml", "kustomization.yaml", "namespace.yaml", "store/deployment.yaml", "store/kustomization.yaml",
                "store/service.yaml", "web/deployment.yaml", "web/kustomization.yaml", "web/service.yaml",
            ],
            s_files.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void The_list_is_aspirates() =>
        Assert.Equal(
            """
            namespace: here

            resources:
            - store
            - web
            - namespace.yaml
            - dashboard.yaml

            generatorOptions:
              disableNameSuffixHash: true

            """,
            s_files["kustomization.yaml"]);

    [Fact]
    public void A_deployment_is_aspirates() =>
        Assert.Equal(
            """
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: store
              labels:
                app: store
            spec:
              minReadySeconds: 60
              replicas: 1
              selector:
                matchLabels:
                  app: store
              strategy:
                type: Recreate
              template:
                metadata:
                  labels:
                    app: store
                spec:
                  containers:
                  - name: store
                    image: registry.example/store:7
                    imagePullPolicy: IfNotPresent
                    command:
                      - /bin/store
                    args:
                    - '--level'
                    - 'yes'
                    ports:
                    - name: tcp
                      containerPort: 6379
                    envFrom:
                    - configMapRef:
                        name: store-env
                  terminationGracePeriodSeconds: 180

            """,
            s_files["store/deployment.yaml"]);

    [Fact]
    public void A_service_is_aspirates() =>
        Assert.Equal(
            """
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: store
            spec:
              type: ClusterIP
              selector:
                app: store
              ports:
              - name: tcp
                port: 7000
                targetPort: 6379

            """,
            s_files["store/service.yaml"]);

    [Fact]
    public void A_container_is_told_what_the_graph_tells_it_and_where_the_dashboard_is() =>
        Assert.Equal(
            """
            resources:
            - deployment.yaml
            - service.yaml

            generatorOptions:
              disableNameSuffixHash: true

            configMapGenerator:
            - name: store-env
              literals:
                - 'TOLD=a: b #c'
                - WEB=http://web:8080
                - OTEL_EXPORTER_OTLP_ENDPOINT=http://aspire-dashboard:18889
                - OTEL_SERVICE_NAME=store

            """,
            s_files["store/kustomization.yaml"]);

    [Theory]
    [InlineData("PORT=8080")]
    [InlineData("STORE=store:6379")]
    [InlineData("WHERE=store:7000")]
    [InlineData("HOW=tcp")]
    [InlineData("'BRACES={x}'")]
    [InlineData("ASPNETCORE_URLS=http://+:8080;")]
    public void Expressions_become_what_aspirate_makes_of_them(string line) =>
        Assert.Contains($"    - {line}\n", s_files["web/kustomization.yaml"]);

    [Theory]
    [InlineData("web:latest", "project.v0")]
    [InlineData("web:latest", "project.v1")]
    [InlineData("web:latest", "container.v1")]
    public void An_image_that_is_built_has_the_resources_name(string image, string type)
    {
        var web = Assert.Single(Read($$"""{"type":"{{type}}"}"""));
        Assert.Equal((image, type != "container.v1"), (web.Image, web.IsProject));
    }

    [Theory]
    [InlineData("parameter.v0", "'web' is a parameter.v0", """{"type":"parameter.v0"}""")]
    [InlineData("volumes", "volumes", """{"type":"container.v0","image":"x","volumes":[]}""")]
    [InlineData("port", "'tcp'", """{"type":"project.v0","bindings":{"tcp":{"scheme":"tcp"}}}""")]
    [InlineData("expression", "{secret.value}", """{"type":"project.v0","env":{"KEY":"{secret.value}"}}""")]
    [InlineData("endpoint", "{web.bindings.http.url}", """{"type":"project.v0","env":{"KEY":"{web.bindings.http.url}"}}""")]
    public void What_is_not_understood_is_refused(string what, string said, string resource)
    {
        var e = Assert.Throws<ManifestException>(
            () => KubernetesManifests.Of(Read(resource), "here").ToList());
        Assert.True(e.Message.Contains(said, StringComparison.Ordinal), $"{what}: {e.Message}");
    }

    [Fact]
    public void A_file_that_is_no_longer_generated_goes_and_a_folder_of_something_else_stays()
    {
        var folder = Directory.CreateTempSubdirectory("ball-manifests-");
        try
        {
            ManifestFolder.Write(folder.FullName, [new("kustomization.yaml", "a"), new("old/x.yaml", "b")]);
            ManifestFolder.Write(folder.FullName, [new("kustomization.yaml", "c"), new("new/x.yaml", "d")]);
            Assert.False(Directory.Exists(Path.Join(folder.FullName, "old")));
            Assert.Equal("c", File.ReadAllText(Path.Join(folder.FullName, "kustomization.yaml")));

            var wrong = Path.Join(folder.FullName, "new");
            Assert.Throws<ManifestException>(() => ManifestFolder.Write(wrong, [new("kustomization.yaml", "e")]));
            Assert.Equal("d", File.ReadAllText(Path.Join(wrong, "x.yaml")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IReadOnlyList<Resource> Read(string web) => AspireManifest.Read($"{{\"resources\":{{\"web\":{web}}}}}");
}
