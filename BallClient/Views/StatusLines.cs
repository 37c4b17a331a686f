using System.Globalization;

namespace BallClient.Views;

/// <summary>A line a second: what came, and what was found.</summary>
internal static class StatusLines
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(ClientCounts counts, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(s_every);
        var (received, reported, seconds) = (0L, 0L, 0);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                seconds++;
                var (nowReceived, nowReported) = (counts.Received, counts.Reported);
                if (nowReceived > received || nowReported > reported || seconds % 10 == 1)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{seconds,6} s  {counts.State}: {nowReceived - received} frames received, "
                        + $"{nowReported - reported} coordinates sent"));
                }
                (received, reported) = (nowReceived, nowReported);
            }
        }
        catch (OperationCanceledException)
        {
            // This is how it ends.
        }
    }
}
