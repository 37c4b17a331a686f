using System.Runtime.InteropServices;

namespace BallAspire.ServiceDefaults;

/// <summary>Hears Ctrl+C and SIGTERM from the first moment on, also before there is a host.</summary>
public sealed class Ending : IDisposable
{
    /// <summary>Much longer than goodbyes take, also on a machine that has a lot else to do.</summary>
    public static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Ending() => _signals = [Hear(PosixSignal.SIGINT), Hear(PosixSignal.SIGTERM)];

    public CancellationToken Token => _source.Token;

    /// <summary>Ends the program for a reason of its own: time is up, or its window was closed.</summary>
    public void End() => _source.Cancel();

    /// <summary>Ends the program after some time.</summary>
    public void EndAfter(TimeSpan time) => _source.CancelAfter(time);

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _source.Dispose();
    }

    private PosixSignalRegistration Hear(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _source.Cancel();
    });
}
