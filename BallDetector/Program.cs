using Ball.Handoff;
using Ball.Vision;
using BallAspire.ServiceDefaults;
using BallDetector;

var parsed = DetectorOptions.Parse(args, ProcessConfiguration.Read());
if (parsed.Options is not { } options)
    return parsed.Tell(Console.Out, Console.Error);

try
{
    // Detection first: a session may be waiting for it, and nobody waits for the web host.
    var log = new EarlyLog();
    using var ending = new Ending();
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
