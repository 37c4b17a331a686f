namespace Cluster;

/// <summary>The life of a deployment, from nothing to nothing.</summary>
internal sealed class Scenario(Deployment deployment, Checks checks, CancellationToken cancel)
{
    private static readonly TimeSpan s_ready = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(15);

    /// <summary>Beyond the limits: how long something may take before it is given up.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_removal = TimeSpan.FromSeconds(180);

    /// <summary>So many samples in a row are a loop that works again.</summary>
    private const int Flow = 15;

    /// <summary>So many give figures that mean something: ten seconds of the default stream.</summary>
    private const int Enough = 300;

    public async Task RunAsync()
    {
        Checks.Say($"applying to namespace {deployment.Namespace}: {string.Join(", ", deployment.Workloads)}");
        await deployment.ApplyAsync();
        var ready = await Wait.UntilAsync("all pods were ready", s_patience, AllReadyAsync, cancel);
        checks.That(ready < s_ready, $"all pods ready after {ready.TotalSeconds:0.0} s (limit {s_ready.TotalSeconds:0} s)");

        await MeasureAsync();
        foreach (var workload in deployment.Workloads)
            await LoseAsync(workload);
        await MeasureAsync();

        var removed = await RemoveAsync();
        checks.That(true, $"removed after {removed.TotalSeconds:0.0} s, and nothing is left");
    }

    /// <summary>Takes everything away again, also after a failure.</summary>
    public async Task<TimeSpan> RemoveAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        await deployment.DeleteAsync();
        IReadOnlyList<string> left = [];
        try
        {
            await Wait.UntilAsync("nothing was left", s_removal, async () =>
            {
                left = await deployment.LeftAsync();
                return left.Count == 0;
            }, CancellationToken.None);
        }
        catch (ClusterException e)
        {
            throw new ClusterException($"{e.Message}: {string.Join(", ", left)}");
        }
        return TimeProvider.System.GetElapsedTime(started);
    }

    private async Task<bool> AllReadyAsync()
    {
        foreach (var workload in deployment.Workloads)
        {
            if (!await deployment.IsReadyAsync(workload))
                return false;
        }
        return true;
    }

    private async Task MeasureAsync()
    {
        var loop = await FlowAsync(Enough);
        checks.That(loop.MeanError < 1, $"{loop.Samples} samples scored, mean error {loop.MeanError:0.00} px (limit 1)");
        checks.That(loop.P50 < 50, $"loop latency {loop.P50:0.0} ms p50, {loop.P95:0.0} ms p95 (limit 50 ms p50)");
    }

    /// <summary>Every way in which a pod can be lost: deleted, and each of its programs ended.</summary>
    private async Task LoseAsync(string workload)
    {
        var pod = await PodAsync(workload);
        await RecoverAsync($"{workload}: pod deleted", () => deployment.DeletePodAsync(pod),
            async () => (await PodAsync(workload)).Uid != pod.Uid && await deployment.IsReadyAsync(workload));

        pod = await PodAsync(workload);
        foreach (var container in pod.Containers.Where(container => container.IsOurs))
        {
            await RecoverAsync($"{workload}: {container.Name} ended", () => deployment.EndAsync(pod, container),
                async () => (await PodAsync(workload)).RestartsOf(container.Name) > container.Restarts
                    && await deployment.IsReadyAsync(workload));
        }
    }

    private async Task RecoverAsync(string what, Func<Task> lose, Func<Task<bool>> isBack)
    {
        var started = TimeProvider.System.GetTimestamp();
        await lose();
        await Wait.UntilAsync($"{what}: it was back", s_patience, isBack, cancel);
        await FlowAsync(Flow);
        var took = TimeProvider.System.GetElapsedTime(started);
        checks.That(took < s_recovery,
            $"{what}; samples flow again after {took.TotalSeconds:0.0} s (limit {s_recovery.TotalSeconds:0} s)");
    }

    /// <summary>Waits for so many samples from now on, by whichever run of the server.</summary>
    private async Task<Loop> FlowAsync(int samples)
    {
        Loop? first = null;
        Loop? last = null;
        await Wait.UntilAsync($"{samples} samples were scored", s_patience, async () =>
        {
            last = await deployment.LoopAsync() ?? last;
            if (first?.Run != last?.Run)
                first = last;
            return last?.Samples - first?.Samples >= samples;
        }, cancel);
        return last!;
    }

    private async Task<Pod> PodAsync(string workload)
    {
        Pod? found = null;
        await Wait.UntilAsync($"{workload} had a pod", s_patience, async () =>
        {
            found = (await deployment.PodsAsync(workload)).FirstOrDefault(pod => !pod.IsEnding);
            return found is not null;
        }, cancel);
        return found!;
    }
}
