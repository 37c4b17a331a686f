using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ball.Handoff.Tests;

public sealed class CoordinateSlotTests : IDisposable
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(1);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_coordinate_is_read_once_and_as_it_was_published()
    {
        using var writer = CoordinateSlotWriter.Open(_folder.Slot);
        using var reader = new CoordinateSlotReader(_folder.Slot);
        var said = new Coordinate
        {
            Session = Frames.Session,
            Frame = 5,
            RtpTimestamp = 0xffff0001,
            X = 1.5f,
            Y = -2.25f,
            Radius = 20,
            Confidence = 0.75f,
            ReceivedAt = 10,
            OfferedAt = 11,
            StartedAt = 12,
            EndedAt = long.MaxValue,
            Finder = FinderName.Of("centroid"),
        };

        writer.Publish(said);

        Assert.True(reader.Wait(Frames.Soon, out var heard));
        Assert.Equal(said, heard);
        Assert.Equal("centroid", heard.Finder.ToString());
        Assert.False(reader.TryRead(out _));
        Assert.False(reader.Wait(s_moment, out _));
    }

    [Fact]
    public void Only_the_newest_counts()
    {
        using var writer = CoordinateSlotWriter.Open(_folder.Slot);
        using var reader = new CoordinateSlotReader(_folder.Slot);
        for (var frame = 1; frame <= 10; frame++)
            writer.Publish(Consistent(frame));
        Assert.True(reader.TryRead(out var coordinate));
        Assert.Equal(10, coordinate.Frame);
        Assert.False(reader.TryRead(out _));
        Assert.Equal(9, reader.Missed);
    }

    [Fact]
    public void A_reader_may_come_before_the_slot()
    {
        using var reader = new CoordinateSlotReader(_folder.Slot);
        Assert.False(reader.Wait(s_moment, out _));
        using var writer = CoordinateSlotWriter.Open(_folder.Slot);
        Assert.False(reader.Wait(s_moment, out _));
        writer.Publish(Consistent(3));
        Assert.True(reader.Wait(Frames.Soon, out var coordinate));
        Assert.Equal(3, coordinate.Frame);
    }

    [Fact]
    public void What_was_there_before_the_reader_is_not_news()
    {
        using (var writer = CoordinateSlotWriter.Open(_folder.Slot))
            writer.Publish(Consistent(1));
        using var reader = new CoordinateSlotReader(_folder.Slot);
        Assert.False(reader.Wait(s_moment, out _));
        using var next = CoordinateSlotWriter.Open(_folder.Slot);
        Assert.False(reader.Wait(s_moment, out _));
        next.Publish(Consistent(2));
        Assert.True(reader.Wait(Frames.Soon, out var coordinate));
        Assert.Equal(2, coordinate.Frame);
    }

    [Fact]
    public void Nobody_ever_reads_a_torn_coordinate()
    {
        const int Publications = 1_000_000;
        const int Readers = 3;
        using var writer = CoordinateSlotWriter.Open(_folder.Slot);
        var readers = Enumerable.Range(0, Readers).Select(_ => new CoordinateSlotReader(_folder.Slot)).ToArray();
        var torn = 0;
        var heard = new long[Readers];
        var end = long.MaxValue;
        var threads = Enumerable.Range(0, Readers).Select(i => new Thread(() =>
        {
            long last = 0;
            while (last < Volatile.Read(ref end))
            {
                // One that only looks, and others that sleep.
                Coordinate coordinate;
                if (!(i == 0 ? readers[i].TryRead(out coordinate) : readers[i].Wait(Frames.Soon, out coordinate)))
                    continue;
                if (!IsConsistent(coordinate) || coordinate.Frame <= last)
                    Interlocked.Increment(ref torn);
                last = coordinate.Frame;
                Volatile.Write(ref heard[i], heard[i] + 1);
            }
        })
        { IsBackground = true }).ToArray();
        foreach (var thread in threads)
            thread.Start();
        // On a busy machine a reader may stand still for as long as all that takes.
        var patience = Stopwatch.StartNew();
        for (long frame = 1; frame <= Volatile.Read(ref end); frame++)
        {
            if (frame >= Publications && (AllHave(101) || patience.Elapsed > Frames.Soon))
                Volatile.Write(ref end, frame);
            writer.Publish(Consistent(frame));
        }
        foreach (var thread in threads)
            Assert.True(thread.Join(Frames.Soon), "the last coordinate was never read");
        foreach (var reader in readers)
            reader.Dispose();

        Assert.Equal(0, torn);
        Assert.All(heard, count => Assert.True(count > 100, $"only {count} were read"));

        bool AllHave(int count) => Enumerable.Range(0, Readers).All(i => Volatile.Read(ref heard[i]) >= count);
    }

    [Fact]
    public unsafe void The_sequence_lock_itself_keeps_torn_copies_out()
    {
        // The same memory without the file checks in between, so that reads and writes really collide.
        var encoded = Libc.Encode(_folder.Slot);
        using var writing = SlotFile.Create(_folder.Slot, encoded);
        using var reading = SlotFile.Open(_folder.Slot, encoded, canWrite: false)!;
        writing.Write(Consistent(1));
        var stop = false;
        var thread = new Thread(() =>
        {
            for (long frame = 2; !Volatile.Read(ref stop); frame++)
                writing.Write(Consistent(frame));
        });
        thread.Start();
        int whole = 0, refused = 0, torn = 0;
        // On a busy machine one of the two may stand still for as long as the other takes for all of it.
        var patience = Stopwatch.StartNew();
        for (var i = 0; i < 2_000_000 || (Math.Min(whole, refused) <= 1000 && patience.Elapsed < Frames.Soon); i++)
        {
            if (!reading.TryCopy(out _, out var has, out var coordinate))
                refused++;
            else if (has && IsConsistent(coordinate))
                whole++;
            else
                torn++;
        }
        Volatile.Write(ref stop, true);
        thread.Join();

        Assert.Equal(0, torn);
        Assert.True(whole > 1000, $"{whole} whole");
        Assert.True(refused > 1000, $"{refused} refused: they never met");
    }

    [Fact]
    public void A_writer_that_dies_in_the_middle_leaves_nothing_to_read_and_the_next_goes_on()
    {
        using var reader = new CoordinateSlotReader(_folder.Slot);
        using (var writer = CoordinateSlotWriter.Open(_folder.Slot))
            writer.Publish(Consistent(1));
        Assert.True(reader.TryRead(out _));
        // As the file looks in the middle of a publication: an odd sequence and half a record.
        var file = File.ReadAllBytes(_folder.Slot);
        file[64]++;
        file.AsSpan(136 + 16, 40).Fill(0xee);
        using (var stream = new FileStream(_folder.Slot, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.Write(file);

        Assert.False(reader.Wait(TimeSpan.FromMilliseconds(30), out _));
        Assert.True(reader.IsUnfinished);

        using var next = CoordinateSlotWriter.Open(_folder.Slot);
        Assert.False(reader.Wait(s_moment, out _));
        Assert.False(reader.IsUnfinished);
        next.Publish(Consistent(2));
        Assert.True(reader.Wait(Frames.Soon, out var coordinate));
        Assert.Equal(Consistent(2), coordinate);
    }

    [Fact]
    public void A_slot_that_somebody_truncates_deletes_or_replaces_is_made_again_and_found_again()
    {
        using var writer = CoordinateSlotWriter.Open(_folder.Slot);
        using var reader = new CoordinateSlotReader(_folder.Slot);
        var old = Array.Empty<byte>();
        for (var round = 1; round <= 40; round++)
        {
            switch (round % 5)
            {
                case 0:
                    Truncate(0);
                    break;
                case 1:
                    File.Delete(_folder.Slot);
                    break;
                case 2:
                    File.WriteAllBytes(_folder.Slot + ".mine", new byte[SlotFile.Length]);
                    File.Move(_folder.Slot + ".mine", _folder.Slot, overwrite: true);
                    break;
                case 3:
                    Truncate(100_000);
                    break;
                default:
                    File.WriteAllBytes(_folder.Slot + ".mine", old);
                    File.Move(_folder.Slot + ".mine", _folder.Slot, overwrite: true);
                    break;
            }
            Assert.False(reader.Wait(s_moment, out var stale), $"{stale}");
            writer.Publish(Consistent(round));
            Assert.True(reader.Wait(Frames.Soon, out var coordinate), $"round {round}");
            Assert.Equal(round, coordinate.Frame);
            Assert.Equal(SlotFile.Length, new FileInfo(_folder.Slot).Length);
            old = File.ReadAllBytes(_folder.Slot);
        }
    }

    [Fact]
    public void Garbage_at_the_path_is_never_read_and_gives_way_to_a_slot()
    {
        var random = new Random(3);
        for (var round = 1; round <= 30; round++)
        {
            var garbage = new byte[round % 2 == 0 ? SlotFile.Length : random.Next(10_000)];
            random.NextBytes(garbage);
            File.WriteAllBytes(_folder.Slot, garbage);
            using var reader = new CoordinateSlotReader(_folder.Slot);
            Assert.False(reader.TryRead(out _));
            using var writer = CoordinateSlotWriter.Open(_folder.Slot);
            writer.Publish(Consistent(round));
            Assert.True(reader.Wait(Frames.Soon, out var coordinate));
            Assert.Equal(round, coordinate.Frame);
        }
    }

    [Fact]
    public void Waiting_ends_in_time_and_when_the_reader_is_disposed()
    {
        using var writer = CoordinateSlotWriter.Open(_folder.Slot);
        var reader = new CoordinateSlotReader(_folder.Slot);
        Assert.False(reader.Wait(TimeSpan.Zero, out _));
        Assert.False(reader.Wait(TimeSpan.FromMilliseconds(50), out _));
        var result = true;
        var thread = new Thread(() => result = reader.Wait(TimeSpan.FromDays(1), out _));
        thread.Start();
        reader.Dispose();
        Assert.True(thread.Join(Frames.Soon));
        Assert.False(result);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Publishing_and_waiting_allocate_nothing()
    {
        using var writer = CoordinateSlotWriter.Open(_folder.Slot);
        using var reader = new CoordinateSlotReader(_folder.Slot);
        long before = 0;
        for (var frame = 1; frame <= 2_000; frame++)
        {
            if (frame == 1_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            writer.Publish(Consistent(frame));
            reader.Wait(Frames.Soon, out _);
            if (frame % 500 == 0)
                reader.Wait(s_moment, out _);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_record_is_as_documented()
    {
        Assert.Equal(112, Marshal.SizeOf<Coordinate>());
        using var writer = CoordinateSlotWriter.Open(_folder.Slot);
        writer.Publish(new Coordinate
        {
            Session = Frames.Session,
            Frame = 258,
            RtpTimestamp = 7,
            Finder = FinderName.Of(
            "hough")
        });
        var file = File.ReadAllBytes(_folder.Slot);
        Assert.Equal("BSLT"u8, file.AsSpan(0, 4));
        Assert.Equal(Environment.ProcessId, BitConverter.ToInt32(file, 8));
        Assert.Equal(4ul, BitConverter.ToUInt64(file, 64));
        Assert.Equal(258, BitConverter.ToInt64(file, 136 + 16));
        Assert.Equal(7u, BitConverter.ToUInt32(file, 136 + 24));
        Assert.Equal("hough"u8, file.AsSpan(136 + 80, 5));
    }

    private void Truncate(long length)
    {
        using var stream = new FileStream(_folder.Slot, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(length);
    }

    private static Coordinate Consistent(long frame) => new()
    {
        Session = new Guid((int)frame, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        Frame = frame,
        RtpTimestamp = (uint)frame,
        X = frame,
        Y = frame,
        Radius = frame,
        Confidence = frame,
        ReceivedAt = frame,
        OfferedAt = frame,
        StartedAt = frame,
        EndedAt = frame,
    };

    private static bool IsConsistent(in Coordinate coordinate) => coordinate == Consistent(coordinate.Frame);
}
