using Ball.Manifests.Tests.Support;

namespace Ball.Manifests.Tests;

public class UpToDateTests
{
    [Fact]
    public void The_manifests_in_the_repository_are_those_of_the_AppHosts_graph()
    {
        var generated = KubernetesManifests.Of(Graph.Resources, "ball").ToDictionary(file => file.Path, file => file.Text);
        var there = Directory.EnumerateFiles(Repository.Base, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(Repository.Base, path), File.ReadAllText);

        Assert.Equal(generated.Keys.Order(StringComparer.Ordinal), there.Keys.Order(StringComparer.Ordinal));
        Assert.All(generated, file => Assert.True(
            file.Value == there[file.Key], $"manifests/base/{file.Key} is old: ./ball publish makes it anew"));
    }
}
