using System.Globalization;
using Ball.Handoff;
using Ball.Measuring;
using Xunit.Abstractions;

namespace BallDetector.Tests;

/// <summary>The real process, real signals, real time.</summary>
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
[Collection(nameof(ChaosTests))]
public sealed class ChaosTests(ITestOutputHelper output) : IDisposable
{
    private const int Deaths = 100;
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(20);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_detector_that_is_killed_a_hundred_times_costs_the_client_nothing_and_is_back_at_once()
    {
        // This test and each reader of a process's output hold a thread of the pool, which makes new ones only every half second.
        ThreadPool.SetMinThreads(16, 16);
        using var client = new Client(_folder.Pipe, _folder.Slot);
        var random = new Random(100);
        var sinceReady = new List<double>();
        var sinceStart = new List<double>();
        for (var death = 0; death < Deaths; death++)
        {
            var detectors = client.Pipe.Counts.Detectors;
            var before = client.Coordinates;
            var start = TimeProvider.System.Nanoseconds();
            using var detector = DetectorProcess.Start("--pipe", _folder.Pipe, "--slot", _folder.Slot, "--finder", "centroid");
            Until(() => client.Pipe.Counts.Detectors > detectors, detector, client);
            var ready = TimeProvider.System.Nanoseconds();
            Until(() => client.Coordinates > before, detector, client);
            var flowing = client.LastAt;
            sinceReady.Add(Math.Max(0, flowing - ready) / 1e6);
            sinceStart.Add((flowing - start) / 1e6);
            // Some die at once, others in the middle of their work.
            var alive = random.Next(8);
            Until(() => client.Coordinates > before + alive, detector, client);
            detector.Kill();
        }
        Assert.Null(client.Failure);
        output.WriteLine($"{client.Coordinates} coordinates, {client.Pipe.Counts}");
        output.WriteLine($"from ready to the first coordinate, ms: {Distribution(sinceReady)}");
        output.WriteLine($"from the process's start to the first coordinate, ms: {Distribution(sinceStart)}");
        // Distribution has sorted them. A machine that stands still for a while makes some slow, a fault of ours most of them.
        Assert.InRange(sinceReady[Deaths / 2], 0, 500);
    }

    private static void Until(Func<bool> condition, DetectorProcess detector, Client client)
    {
        var pause = default(SpinWait);
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.Null(client.Failure);
            if (detector.HasExited || TimeProvider.System.GetElapsedTime(started) > s_soon)
                Assert.Fail($"the detector does not work: {detector.Output}{detector.Errors}");
            pause.SpinOnce();
        }
    }

    private static string Distribution(List<double> values)
    {
        values.Sort();
        return string.Create(CultureInfo.InvariantCulture,
            $"p50 {values[values.Count / 2]:F0}, p95 {values[values.Count * 95 / 100]:F0}, max {values[^1]:F0}");
    }
}
