using System.Text.Json;
using System.Text.RegularExpressions;

namespace Images.Tests;

/// <summary>A program's Dockerfile: its instructions, each on one line.</summary>
internal sealed partial class Dockerfile
{
    private readonly IReadOnlyList<string> _instructions;

    public Dockerfile(string program) => _instructions =
    [
        .. Continuation().Replace(Comment().Replace(Checkout.Read(program, "Dockerfile"), ""), " ")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>What follows a keyword, each time that it is used.</summary>
    public IReadOnlyList<string> All(string keyword) =>
        [.. _instructions.Where(line => line.StartsWith(keyword + " ", StringComparison.Ordinal)).Select(line => line[(keyword.Length + 1)..])];

    /// <summary>The native packages that the image gets.</summary>
    public IReadOnlyList<string> Packages =>
        [.. All("RUN").SelectMany(run => Install().Matches(run)).SelectMany(match => match.Groups[1].Value.Split(' ')).Where(IsPackage)];

    public IReadOnlyList<string> HealthCheck
    {
        get
        {
            var check = Assert.Single(All("HEALTHCHECK"));
            return JsonSerializer.Deserialize<string[]>(check[(check.IndexOf("CMD ", StringComparison.Ordinal) + 4)..])!;
        }
    }

    private static bool IsPackage(string word) => word.StartsWith("lib", StringComparison.Ordinal);

    [GeneratedRegex(@"^#.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continuation();

    [GeneratedRegex("apt-get install ([^&]*)")]
    private static partial Regex Install();
}
