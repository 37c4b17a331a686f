namespace Ball.Handoff.Tests;

/// <summary>Alone, because every thread of the process counts.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests : IDisposable
{
    private const int Window = 250;
    private const int Windows = 8;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Offering_and_reading_allocate_nothing_once_they_run()
    {
        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        using var reader = new FramePipeReader(_folder.Pipe);
        var picture = Frames.Small();
        long read = 0, least = long.MaxValue;
        var thread = Aside.Run(() =>
        {
            long before = 0;
            while (reader.Read(out _, out _))
            {
                if (++read % Window != 0)
                    continue;
                var now = GC.GetTotalAllocatedBytes(precise: true);
                if (read > Window)
                    least = Math.Min(least, now - before);
                before = now;
            }
        });
        Frames.Until(() => writer.HasDetector, "detector");
        for (var frame = 1; frame <= Window * (Windows + 1); frame++)
        {
            writer.Offer(Frames.Tag(frame), picture.View);
            var spin = default(SpinWait);
            while (Volatile.Read(ref read) < frame)
                spin.SpinOnce();
        }
        reader.Stop();
        thread();
        // Everything in the process counts, the test runner's own work too, but that is not always at it. One object per
        // frame would be 6,000 bytes in each window.
        Assert.InRange(least, 0, 3_000);
    }
}
