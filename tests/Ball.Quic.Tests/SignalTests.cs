using Ball.Quic.Driver;

namespace Ball.Quic.Tests;

/// <summary>Waiting for data.</summary>
public sealed class SignalTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();

    [Fact]
    public async Task Who_waits_is_woken_and_may_wait_again()
    {
        var signal = new Signal(_gate);
        for (int i = 0; i < 1000; i++)
        {
            var waiting = Wait(signal, CancellationToken.None);
            lock (_gate)
                signal.Set();
            await waiting.AsTask().WaitAsync(s_patience);
        }
    }

    [Fact]
    public async Task Who_gives_up_waiting_hears_so_and_may_wait_again()
    {
        var signal = new Signal(_gate);
        using var first = new CancellationTokenSource();
        var waiting = Wait(signal, first.Token);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.AsTask().WaitAsync(s_patience));

        waiting = Wait(signal, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        lock (_gate)
            signal.Set();
        await waiting.AsTask().WaitAsync(s_patience);
    }

    [Fact]
    public void Two_cannot_wait_at_once()
    {
        var signal = new Signal(_gate);
        _ = Wait(signal, CancellationToken.None);
        Assert.Throws<InvalidOperationException>(() => { _ = Wait(signal, CancellationToken.None); });
    }

    private ValueTask Wait(Signal signal, CancellationToken cancellation)
    {
        lock (_gate)
            return signal.Wait(cancellation);
    }
}
