namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that somebody sets once it is known, and others wait for.</summary>
public sealed class ValueSnapshot<T> where T : notnull
{
    private readonly TaskCompletionSource<T> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Task<T>? _latest;

    /// <summary>Whether the value is known.</summary>
    public bool IsValueSet => _latest is { IsCompletedSuccessfully: true };

    /// <summary>Waits for the value.</summary>
    public Task<T> GetValueAsync(CancellationToken cancellationToken = default) =>
        (_latest ?? _first.Task).WaitAsync(cancellationToken);

    /// <summary>Sets the value.</summary>
    public void SetValue(T value)
    {
        _latest = Task.FromResult(value);
        _first.TrySetResult(value);
    }

    /// <summary>Says that there will be no value.</summary>
    public void SetException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _latest = Task.FromException<T>(exception);
        _ = _latest.Exception;
        _first.TrySetException(exception);
        _ = _first.Task.Exception;
    }
}
