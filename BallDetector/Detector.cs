using Ball.Handoff;
using Ball.Vision;
using BallAspire.ServiceDefaults;

namespace BallDetector;

/// <summary>Pipe, slot and finder, and the thread that works with them.</summary>
internal sealed class Detector : IDisposable
{
    private readonly FramePipeReader _pipe;
    private readonly CoordinateSlotWriter _slot;
    private readonly DetectorTelemetry _telemetry = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private Detection? _detection;

    private Detector(FramePipeReader pipe, CoordinateSlotWriter slot, Func<IBallFinder> makeFinder, string finderName,
        ILogger log)
    {
        _pipe = pipe;
        _slot = slot;
        _thread = new Thread(() => Work(makeFinder, finderName, log)) { Name = "detection" };
        _thread.Start();
    }

    /// <summary>Ends when the detector does; fails when its finder cannot be made.</summary>
    public Task Completion => _end.Task;

    public DetectorSummary Summary => Volatile.Read(ref _detection)?.Summary ?? new DetectorSummary(0, 0, 0, 0, 0, 0, 0);

    /// <summary>Why it does not work at the moment, or null when it does.</summary>
    public string? Trouble => _end.Task.IsFaulted ? _end.Task.Exception.InnerException!.Message
        : Volatile.Read(ref _detection) is { } detection ? detection.Trouble
        : "The finder is still being made";

    public bool HasClient => _pipe.IsConnected;

    /// <summary>Takes the slot and starts at once; the finder is made on the detection thread, while the host starts.</summary>
    /// <exception cref="HandoffException">Pipe or slot cannot be used.</exception>
    public static Detector Start(DetectorOptions options, Func<IBallFinder> makeFinder, ILogger log)
    {
        var pipe = new FramePipeReader(options.Pipe, log);
        return new Detector(pipe, CoordinateSlotWriter.Open(options.Slot, log), makeFinder, options.FinderName, log);
    }

    /// <summary>Ends the loop after the frame it is at.</summary>
    public void Stop() => _pipe.Stop();

    public void Dispose()
    {
        Stop();
        // A finder that never returns must not keep the process.
        if (_thread.Join(TimeSpan.FromSeconds(1)))
        {
            _slot.Dispose();
            _telemetry.Dispose();
        }
    }

    private static IBallFinder Make(Func<IBallFinder> makeFinder, string name)
    {
        try
        {
            return makeFinder();
        }
        catch (Exception e)
        {
            throw new SetUpException($"The finder {name} cannot be used here: {(e.InnerException ?? e).Message}", e);
        }
    }

    private void Work(Func<IBallFinder> makeFinder, string finderName, ILogger log)
    {
        try
        {
            using var finder = Make(makeFinder, finderName);
            var detection = new Detection(_pipe, _slot, finder, finderName, _telemetry, log, TimeProvider.System);
            Volatile.Write(ref _detection, detection);
            detection.Run();
            _end.SetResult();
        }
        catch (Exception e)
        {
            _end.SetException(e);
        }
    }
}
