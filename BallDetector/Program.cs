using Ball.Handoff;
using Ball.Vision;
using BallAspire.ServiceDefaults;
using BallDetector;

// Before anything else: Ctrl+C at once is a clean end, too.
using var ending = new Ending();
ForgivingOutput.Install();
try
{
    var parsed = DetectorOptions.Parse(args, ProcessConfiguration.Read());
    if (parsed.Options is not { } options)
        return parsed.Tell(Console.Out, Console.Error);

    // Detection first: a session may be waiting for it, and nobody waits for the web host.
    var log = new EarlyLog();
    if (options.EndWithInput)
        InputEnd.Watch(ending);
    using var detector = Detector.Start(options, () => BallFinders.Create(options.FinderName), log);
    await DetectorHost.RunAsync(options, detector, log, ending);
    Console.WriteLine($"BallDetector: {detector.Summary}");
    return detector.Summary.Read > 0 ? ExitCode.DataFlowed : ExitCode.NoData;
}
catch (Exception e) when (e is HandoffException or SetUpException)
{
    Console.Error.WriteLine($"BallDetector: {e.Message.ReplaceLineEndings(" ")}");
    return ExitCode.BadSetUp;
}
