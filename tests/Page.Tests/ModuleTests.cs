using System.Diagnostics;
using System.Reflection;

namespace Page.Tests;

/// <summary>The page's modules have tests of their own, in JavaScript; they count here.</summary>
public class ModuleTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_pages_modules_pass_their_tests()
    {
        var folder = typeof(ModuleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "ModuleTests").Value!;
        using var node = Process.Start(new ProcessStartInfo("node", ["--test", "--test-reporter=tap"])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var patience = new CancellationTokenSource(s_patience);
        var output = node.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = node.StandardError.ReadToEndAsync(patience.Token);
        await node.WaitForExitAsync(patience.Token);
        Assert.True(node.ExitCode == 0, $"node --test failed:\n{await output}{await errors}");
        Assert.Contains("# fail 0", await output);
        Assert.DoesNotContain("# pass 0", await output);
    }
}
