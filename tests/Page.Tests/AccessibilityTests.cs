using System.Reflection;
using System.Text.Json;
using Microsoft.Playwright;

namespace Page.Tests;

/// <summary>Axe looks at the page as it is used: what it finds, somebody cannot read or work.</summary>
public class AccessibilityTests(Chromium chromium) : IClassFixture<Chromium>
{
    [AxeTheory]
    [InlineData(1400, 1300, ColorScheme.Dark, "Live")]
    [InlineData(1400, 1300, ColorScheme.Light, "Live")]
    [InlineData(390, 844, ColorScheme.Dark, "Live")]
    [InlineData(390, 844, ColorScheme.Light, "Stopped")]
    public async Task Nobody_is_shut_out(int width, int height, ColorScheme scheme, string phase)
    {
        await using var server = await ServerProcess.StartAsync("--token", "open-sesame");
        var options = new BrowserNewContextOptions
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            // A stranger sees everything there is: the token's form too.
            ExtraHTTPHeaders = new Dictionary<string, string> { ["X-Forwarded-For"] = "192.0.2.9" },
        };
        await using var visit = await chromium.VisitAsync(server.Address, options);
        await visit.PlaysAsync();
        if (phase == "Stopped")
            await visit.Page.Locator("#toggle").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#phase")).ToHaveTextAsync(phase);

        await visit.Page.EvaluateAsync(await File.ReadAllTextAsync(AxeTheoryAttribute.Script));
        var found = await visit.Page.EvaluateAsync<JsonElement>(
            "() => axe.run().then(({ violations, passes }) => ({ violations, passes: passes.length }))");
        Assert.True(found.GetProperty("violations").GetArrayLength() == 0, found.GetProperty("violations").ToString());
        Assert.InRange(found.GetProperty("passes").GetInt32(), 20, 1000);
    }

    /// <summary>For tests that need axe, which `npm ci` brings.</summary>
    private sealed class AxeTheoryAttribute : TheoryAttribute
    {
        public static readonly string Script = Path.Combine(
            typeof(AccessibilityTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(data => data.Key == "ModuleTests").Value!,
            "node_modules", "axe-core", "axe.min.js");

        public AxeTheoryAttribute() => Skip = File.Exists(Script) ? null : "axe is not installed: npm ci --prefix tests/Page";
    }
}
