using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Ball.Manifests.Tests.Support;

/// <summary>What rendering and checking need, and not every machine has.</summary>
internal static class Tools
{
    private static readonly Lazy<string?> s_missing = new(Look);

    /// <summary>What to do about that, or null where nothing is missing.</summary>
    public static string? Missing => s_missing.Value;

    private static string? Look()
    {
        if (!Directory.Exists(Path.Join(Repository.Checker, "node_modules", "kubernetes-models")))
            return "Kubernetes' schemas are missing: npm ci --prefix tests/Manifests";
        try
        {
            using var kubectl = Process.Start(new ProcessStartInfo("kubectl", ["version", "--client", "-o", "json"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var version = JsonNode.Parse(kubectl.StandardOutput.ReadToEnd())!["clientVersion"]!;
            kubectl.WaitForExit();
            // Before that it could not read what aspirate writes: a list of folders.
            var minor = int.Parse(new string([.. version["minor"]!.ToString().TakeWhile(char.IsAsciiDigit)]));
            return minor >= 21 ? null : $"kubectl is 1.{minor}, and 1.21 is the first that can render folders of resources";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "kubectl is missing (1.21 or later)";
        }
    }
}

/// <summary>A test that renders manifests.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RenderingFactAttribute : FactAttribute
{
    public RenderingFactAttribute() => Skip = Tools.Missing;
}

/// <summary>A test that renders manifests.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RenderingTheoryAttribute : TheoryAttribute
{
    public RenderingTheoryAttribute() => Skip = Tools.Missing;
}
