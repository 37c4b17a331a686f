namespace QuicBench;

/// <summary>All contenders in turn, each with its server in a process of its own.</summary>
internal static class Benchmark
{
    public static async Task<string> RunAsync(int rounds, int megabytes)
    {
        var report = new Report();
        for (int round = 0; round < rounds; round++)
        {
            foreach (var contender in Contender.All)
                await RoundAsync(contender, report, megabytes);
            await Ngtcp2.MeasureAsync(report);
        }

        return report.ToMarkdown();
    }

    // What is measured first is thrown away: it compiles the code.
    private static async Task RoundAsync(Contender contender, Report report, int megabytes)
    {
        const int few = 200, many = 4000;
        using var remote = await Remote.StartAsync(contender);
        foreach (var into in new[] { new Report(isSilent: true), report })
        {
            await Measures.HandshakesAsync(contender, remote, into, few);
            await Measures.EchoesAsync(contender, remote, into, many);
            await Measures.DatagramsAsync(contender, remote, into, many);
            await Measures.StreamsAsync(contender, remote, into, many / 4);
            await Measures.BulkAsync(contender, remote, into, up: true, megabytes);
            await Measures.BulkAsync(contender, remote, into, up: false, megabytes);
        }
    }
}
