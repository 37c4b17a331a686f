using System.Globalization;
using System.Text;

namespace Loop;

/// <summary>Runs the pairs in turn, round after round, so that a noisy minute hits all of them; the median counts.</summary>
internal static class Benchmark
{
    public static async Task<string> RunAsync(IReadOnlyList<Scenario> scenarios, int rounds, int seconds)
    {
        Contender[] pairs = [new AiortcPair(), new OurPair("hough"), new OurPair("centroid")];
        var table = new StringBuilder()
            .Append("| scenario | pair | fps | loop p50 ms | loop p95 ms | error px ")
            .AppendLine("| server CPU ms/frame | client CPU ms/frame | scored |")
            .AppendLine("|---|---|---|---|---|---|---|---|---|");
        var (run, runs) = (0, scenarios.Count * rounds * pairs.Length);
        foreach (var scenario in scenarios)
        {
            var results = pairs.ToDictionary(pair => pair, _ => new List<LoopResult>());
            for (var round = 1; round <= rounds; round++)
            {
                foreach (var pair in pairs)
                {
                    Console.Error.Write($"[{++run}/{runs}] {scenario}, round {round} of {rounds}: {pair.Name} ... ");
                    var result = await pair.RunAsync(scenario, seconds);
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{result.Fps:0.0} fps, {result.LatencyP50:0.0} ms, "
                        + $"CPU {result.ServerCpu:0.00} + {result.ClientCpu:0.00} ms"));
                    results[pair].Add(result);
                }
            }
            var yardstick = Median(results[pairs[0]]);
            foreach (var pair in pairs)
                table.AppendLine(Row(scenario, pair.Name, Median(results[pair]), yardstick));
        }
        return table.ToString();
    }

    private static string Row(Scenario scenario, string name, LoopResult result, LoopResult yardstick)
    {
        return string.Create(CultureInfo.InvariantCulture,
            $"| {scenario} | {name} | {result.Fps:0.0} "
            + $"| {Ratio(result.LatencyP50, yardstick.LatencyP50)} | {Ratio(result.LatencyP95, yardstick.LatencyP95)} "
            + $"| {Ratio(result.ErrorMean, yardstick.ErrorMean)} "
            + $"| {Ratio(result.ServerCpu, yardstick.ServerCpu)} | {Ratio(result.ClientCpu, yardstick.ClientCpu)} "
            + $"| {result.Scored:0.0%} |");

        string Ratio(double value, double to) => name == "aiortc"
            ? value.ToString("0.00", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{value:0.00} ({value / to:0.00})");
    }

    private static LoopResult Median(List<LoopResult> results)
    {
        return new LoopResult(
            Of(result => result.Fps), Of(result => result.LatencyP50), Of(result => result.LatencyP95),
            Of(result => result.ErrorMean), Of(result => result.ServerCpu), Of(result => result.ClientCpu),
            Of(result => result.Scored));

        double Of(Func<LoopResult, double> figure)
        {
            var ordered = results.Select(figure).Order().ToList();
            return ordered[ordered.Count / 2];
        }
    }
}
