using System.Threading.Tasks.Sources;

namespace Ball.Quic.Driver;

/// <summary>
/// Lets one caller at a time wait without an allocation. Everything here happens under the connection's lock, but for the
/// continuation, which the pool runs.
/// </summary>
sealed class Signal(Lock gate) : IValueTaskSource, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<bool> _source;
    private CancellationTokenRegistration _registration;
    private CancellationToken _heeded;
    private bool _isWaiting;
    private bool _isCancelled;

    public ValueTask Wait(CancellationToken cancellation)
    {
        if (_isWaiting)
            throw new InvalidOperationException("another call is waiting for the same thing");
        cancellation.ThrowIfCancellationRequested();
        _source.Reset();
        _isWaiting = true;
        _heeded = cancellation;
        _registration = cancellation.UnsafeRegister(static (signal, token) => ((Signal)signal!).Cancel(token), this);
        return new ValueTask(this, _source.Version);
    }

    public void Set()
    {
        if (_isWaiting)
            End(cancelled: false);
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    // Who waits is the only one to wait again, and not before this.
    void IThreadPoolWorkItem.Execute()
    {
        if (_isCancelled)
            _source.SetException(new OperationCanceledException(_heeded));
        else
            _source.SetResult(true);
    }

    private void Cancel(CancellationToken cancellation)
    {
        lock (gate)
        {
            // It may come late, when a later call waits that heeds another token.
            if (_isWaiting && cancellation == _heeded)
                End(cancelled: true);
        }
    }

    private void End(bool cancelled)
    {
        _isWaiting = false;
        _isCancelled = cancelled;

        // This does not wait for a callback that runs: that one waits for our lock, and finds itself late.
        _registration.Unregister();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
