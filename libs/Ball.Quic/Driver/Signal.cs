using System.Threading.Tasks.Sources;

namespace Ball.Quic.Driver;

/// <summary>
/// Lets one caller at a time wait without an allocation. Everything here happens under the connection's lock; the
/// continuation runs elsewhere.
/// </summary>
sealed class Signal(Lock gate) : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration registration;
    private bool isWaiting;

    public ValueTask Wait(CancellationToken cancellation)
    {
        if (isWaiting)
            throw new InvalidOperationException("another call is waiting for the same thing");
        cancellation.ThrowIfCancellationRequested();
        source.Reset();
        isWaiting = true;
        short version = source.Version;
        if (cancellation.CanBeCanceled)
            registration = cancellation.UnsafeRegister((_, token) => Cancel(version, token), null);
        return new ValueTask(this, version);
    }

    public void Set()
    {
        if (!isWaiting)
            return;
        isWaiting = false;

        // Unregister does not wait for a callback that runs: that one waits for our lock, and finds itself late.
        registration.Unregister();
        source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    private void Cancel(short version, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (!isWaiting || source.Version != version)
                return;
            isWaiting = false;
            source.SetException(new OperationCanceledException(cancellation));
        }
    }
}
