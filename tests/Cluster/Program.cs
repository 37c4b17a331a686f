using System.Runtime.InteropServices;
using Cluster;

// Deploys an overlay to the cluster that kubectl points at, sees that it measures and that it mends itself, and removes it.
if (args is not [var overlay])
{
    Console.Error.WriteLine("Cluster: which overlay? ./ball test --cluster says manifests/overlays/minikube.");
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

var deployment = new Deployment(overlay);
try
{
    await deployment.PrepareAsync();
}
catch (ClusterException e)
{
    Console.Error.WriteLine($"Cluster: {e.Message}");
    return 2;
}

var checks = new Checks();
var scenario = new Scenario(deployment, checks, stop.Token);
try
{
    await scenario.RunAsync();
}
catch (Exception e) when (e is ClusterException or OperationCanceledException)
{
    checks.That(false, $"{(e is ClusterException ? e.Message : "interrupted")}");
    Console.WriteLine(await deployment.StoryAsync());
    await RemoveAsync();
}
Console.WriteLine($"{checks.Passed} passed, {checks.Failed} failed");
return checks.Failed == 0 ? 0 : 1;

async Task RemoveAsync()
{
    try
    {
        Checks.Say($"removing what was deployed");
        await scenario.RemoveAsync();
    }
    catch (ClusterException e)
    {
        checks.That(false, $"{e.Message}");
    }
}

void End(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
