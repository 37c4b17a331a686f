using System.Threading.Tasks.Sources;

namespace Ball.Quic.Driver;

/// <summary>
/// Lets one caller at a time wait without an allocation. Everything here happens under the connection's lock, but for the
/// continuation, which the pool runs.
/// </summary>
sealed class Signal(Lock gate) : IValueTaskSource, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<bool> source;
    private CancellationTokenRegistration registration;
    private CancellationToken heeded;
    private bool isWaiting;
    private bool isCancelled;

    public ValueTask Wait(CancellationToken cancellation)
    {
        if (isWaiting)
            throw new InvalidOperationException("another call is waiting for the same thing");
        cancellation.ThrowIfCancellationRequested();
        source.Reset();
        isWaiting = true;
        heeded = cancellation;
        registration = cancellation.UnsafeRegister(static (signal, token) => ((Signal)signal!).Cancel(token), this);
        return new ValueTask(this, source.Version);
    }

    public void Set()
    {
        if (isWaiting)
            End(cancelled: false);
    }

    void IValueTaskSource.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    // Who waits is the only one to wait again, and not before this.
    void IThreadPoolWorkItem.Execute()
    {
        if (isCancelled)
            source.SetException(new OperationCanceledException(heeded));
        else
            source.SetResult(true);
    }

    private void Cancel(CancellationToken cancellation)
    {
        lock (gate)
        {
            // It may come late, when a later call waits that heeds another token.
            if (isWaiting && cancellation == heeded)
                End(cancelled: true);
        }
    }

    private void End(bool cancelled)
    {
        isWaiting = false;
        isCancelled = cancelled;

        // This does not wait for a callback that runs: that one waits for our lock, and finds itself late.
        registration.Unregister();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
