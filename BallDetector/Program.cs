using Ball.Handoff;
using Ball.Vision;
using BallDetector;

if (CommandLine.Read(args, Console.Error, out var answered) is not { } options)
    return answered;

try
{
    // Detection first: a session may be waiting for it, and nobody waits for the web host.
    var log = new EarlyLog();
    using var ending = new Ending();
    using var detector = Detector.Start(options, () => BallFinders.Create(options.Finder), log);
    await DetectorHost.RunAsync(options, detector, log, ending);
    Console.WriteLine($"BallDetector: {detector.Summary}");
    return detector.Summary.Read > 0 ? ExitCode.DataFlowed : ExitCode.NoData;
}
catch (Exception e) when (e is HandoffException or SetUpException)
{
    Console.Error.WriteLine($"BallDetector: {e.Message}");
    return ExitCode.BadSetUp;
}
