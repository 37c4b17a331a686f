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
        [.. _instructions.Select(line => line.Split(' ', 2)).Where(words => words[0] == keyword).Select(words => words[1])];

    /// <summary>The native packages that the image gets.</summary>
    public IReadOnlyList<string> Packages =>
    [
        .. All("RUN").SelectMany(run => Install().Matches(run)).SelectMany(match => match.Groups[1].Value.Split(' '))
            .Where(word => word.StartsWith("lib", StringComparison.Ordinal)),
    ];

    public IReadOnlyList<string> HealthCheck
    {
        get
        {
            var check = Assert.Single(All("HEALTHCHECK"));
            return JsonSerializer.Deserialize<string[]>(check[(check.IndexOf("CMD ", StringComparison.Ordinal) + 4)..])!;
        }
    }

    [GeneratedRegex(@"^#.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continuation();

    [GeneratedRegex("apt-get install ([^&]*)")]
    private static partial Regex Install();
}
