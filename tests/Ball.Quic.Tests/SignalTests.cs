using Ball.Quic.Driver;

namespace Ball.Quic.Tests;

/// <summary>Waiting for data.</summary>
public sealed class SignalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock gate = new();

    [Fact]
    public async Task Who_waits_is_woken_and_may_wait_again()
    {
        var signal = new Signal(gate);
        for (int i = 0; i < 1000; i++)
        {
            var waiting = Wait(signal, CancellationToken.None);
            lock (gate)
                signal.Set();
            await waiting.AsTask().WaitAsync(Patience);
        }
    }

    [Fact]
    public async Task Who_gives_up_waiting_hears_so_and_may_wait_again()
    {
        var signal = new Signal(gate);
        using var first = new CancellationTokenSource();
        var waiting = Wait(signal, first.Token);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.AsTask().WaitAsync(Patience));

        waiting = Wait(signal, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        lock (gate)
            signal.Set();
        await waiting.AsTask().WaitAsync(Patience);
    }

    [Fact]
    public void Two_cannot_wait_at_once()
    {
        var signal = new Signal(gate);
        _ = Wait(signal, CancellationToken.None);
        Assert.Throws<InvalidOperationException>(() => { _ = Wait(signal, CancellationToken.None); });
    }

    private ValueTask Wait(Signal signal, CancellationToken cancellation)
    {
        lock (gate)
            return signal.Wait(cancellation);
    }
}
