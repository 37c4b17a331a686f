using System.Diagnostics;

namespace Cluster;

/// <summary>Looking again and again, for so long and no longer.</summary>
internal static class Wait
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(250);

    /// <param name="what">What is waited for, in words.</param>
    /// <returns>How long it took.</returns>
    /// <exception cref="ClusterException">It did not come.</exception>
    public static async Task<TimeSpan> UntilAsync(string what, TimeSpan limit, Func<Task<bool>> isSo, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (watch.Elapsed > limit)
                throw new ClusterException($"waited {limit.TotalSeconds:0} s in vain until {what}");
            await Task.Delay(s_step, cancel);
        }
        return watch.Elapsed;
    }
}
