namespace Ball.Handoff.Tests;

/// <summary>Alone, because every thread of the process counts.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Offering_and_reading_allocate_nothing_once_they_run()
    {
        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        using var reader = new FramePipeReader(_folder.Pipe);
        var picture = Frames.Small();
        long read = 0, allocated = 0;
        var thread = Aside.Run(() =>
        {
            long before = 0;
            while (reader.Read(out _, out _))
            {
                if (++read == 100)
                    before = GC.GetTotalAllocatedBytes(precise: true);
                if (read == 1100)
                    allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            }
        });
        Frames.Until(() => writer.HasDetector, "detector");
        for (var frame = 1; frame <= 1200; frame++)
        {
            writer.Offer(Frames.Tag(frame), picture.View);
            var spin = default(SpinWait);
            while (Volatile.Read(ref read) < frame)
                spin.SpinOnce();
        }
        reader.Stop();
        thread();
        // Everything in the process counts, the test runner's own work too; one object per frame would be 24,000 bytes.
        Assert.InRange(allocated, 0, 12_000);
    }
}
