using System.Runtime.Versioning;

namespace Ball.Handoff.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class PathTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_belongs_to_its_owner_alone()
    {
        var inside = Path.Combine(_folder.Path, "made", "for", "us");
        using var writer = FramePipeWriter.Serve(Path.Combine(inside, "p"));
        using var slot = CoordinateSlotWriter.Open(Path.Combine(inside, "s"));
        foreach (var file in new[] { "p", "p.lock", "s", "s.lock" })
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(inside, file)));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(inside));
        Assert.Equal(4, Directory.GetFiles(inside).Length);
    }

    [Fact]
    public void What_is_something_else_already_is_named_and_stays()
    {
        var slot = Assert.Throws<HandoffException>(() => CoordinateSlotWriter.Open("/dev/null")).Message;
        Assert.Contains("/dev/null is not a slot but a device", slot);
        var pipe = Assert.Throws<HandoffException>(() => FramePipeWriter.Serve(_folder.Path)).Message;
        Assert.Contains("is not a pipe but a folder", pipe);
    }

    [Fact]
    public void Two_writers_are_refused()
    {
        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        using var slot = CoordinateSlotWriter.Open(_folder.Slot);
        var pipe = Assert.Throws<HandoffException>(() => FramePipeWriter.Serve(_folder.Pipe));
        Assert.Contains("two writers", pipe.Message);
        Assert.Contains($"process {Environment.ProcessId} ", pipe.Message);
        Assert.Contains("two writers", Assert.Throws<HandoffException>(() => CoordinateSlotWriter.Open(_folder.Slot)).Message);

        // The first ones have not noticed.
        using var detector = new Reading(_folder.Pipe);
        Frames.Until(() => writer.HasDetector, "detector");
        writer.Offer(Frames.Small(), 1);
        detector.Next();
        slot.Publish(new Coordinate { Frame = 1 });
    }

    [Fact]
    public void Two_writers_are_refused_even_if_the_first_takes_no_claim()
    {
        using var other = Raw.Listen(_folder.Pipe);
        var refusal = Assert.Throws<HandoffException>(() => FramePipeWriter.Serve(_folder.Pipe));
        Assert.Contains("two writers", refusal.Message);
    }

    [Fact]
    public void What_a_dead_process_left_is_taken_over()
    {
        // A socket file that nobody listens on, and a lock file that nobody holds.
        Raw.Listen(_folder.Pipe).Dispose();
        File.WriteAllText(_folder.Pipe + ".lock", "4711\n");
        if (!File.Exists(_folder.Pipe))
            Leave(_folder.Pipe);
        Assert.True(File.Exists(_folder.Pipe));

        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        using var detector = new Reading(_folder.Pipe);
        Frames.Until(() => writer.HasDetector, "detector");
        writer.Offer(Frames.Small(), 1);
        Assert.Equal(1, detector.Next().Header.Tag.Frame);
    }

    [Fact]
    public void Other_peoples_files_are_left_alone()
    {
        File.WriteAllText(_folder.Pipe, "a letter");
        Assert.Contains("not a pipe", Assert.Throws<HandoffException>(() => FramePipeWriter.Serve(_folder.Pipe)).Message);
        Assert.Contains("not a pipe", Assert.Throws<HandoffException>(() => new FramePipeReader(_folder.Pipe)).Message);
        Assert.Equal("a letter", File.ReadAllText(_folder.Pipe));

        File.CreateSymbolicLink(_folder.Slot, _folder.Pipe);
        Assert.Contains("not a slot", Assert.Throws<HandoffException>(() => CoordinateSlotWriter.Open(_folder.Slot)).Message);
        Assert.Equal("a letter", File.ReadAllText(_folder.Slot));
    }

    [Fact]
    public void A_path_too_long_for_a_socket_is_said_so()
    {
        var folder = _folder.Path + "/" + new string('x', 200);
        var refusal = Assert.Throws<HandoffException>(() => FramePipeWriter.Serve(folder + "/p"));
        Assert.Contains("107", refusal.Message);
        Assert.Throws<HandoffException>(() => new FramePipeReader(folder + "/p"));
        using var slot = CoordinateSlotWriter.Open(folder + "/s");

        // The longest that fits, works.
        var longest = _folder.Path + "/" + new string('é', 100);
        while (System.Text.Encoding.UTF8.GetByteCount(longest) > HandoffPaths.LongestPipePath)
            longest = longest[..^1];
        using var writer = FramePipeWriter.Serve(longest);
        using var detector = new Reading(longest);
        Frames.Until(() => writer.HasDetector, "detector");
    }

    [Theory]
    [InlineData("frames.pipe")]
    [InlineData("")]
    [InlineData("./x")]
    [InlineData("/tmp/")]
    [InlineData("/tmp/a\0b")]
    public void A_path_that_is_none_is_refused(string path)
    {
        Assert.Contains("absolute path", Assert.Throws<HandoffException>(() => FramePipeWriter.Serve(path)).Message);
        Assert.Contains("absolute path", Assert.Throws<HandoffException>(() => new FramePipeReader(path)).Message);
        Assert.Contains("absolute path", Assert.Throws<HandoffException>(() => CoordinateSlotWriter.Open(path)).Message);
        Assert.Contains("absolute path", Assert.Throws<HandoffException>(() => new CoordinateSlotReader(path)).Message);
    }

    [Fact]
    public void A_folder_that_everybody_may_write_in_is_refused_unless_it_is_sticky()
    {
        const UnixFileMode All = (UnixFileMode)0b111_111_111;
        File.SetUnixFileMode(_folder.Path, All);
        Assert.Contains("chmod", Assert.Throws<HandoffException>(() => FramePipeWriter.Serve(_folder.Pipe)).Message);
        Assert.Contains("chmod", Assert.Throws<HandoffException>(() => CoordinateSlotWriter.Open(_folder.Slot)).Message);
        File.SetUnixFileMode(_folder.Path, All | UnixFileMode.StickyBit);
        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        using var slot = CoordinateSlotWriter.Open(_folder.Slot);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_said_so()
    {
        File.WriteAllText(_folder.Path + "/file", "");
        var refusal = Assert.Throws<HandoffException>(() => CoordinateSlotWriter.Open(_folder.Path + "/file/slot"));
        Assert.Contains("cannot be made", refusal.Message);
    }

    [Fact]
    public void Client_and_detector_have_the_same_places_by_default()
    {
        Assert.True(Path.IsPathFullyQualified(HandoffPaths.DefaultPipe));
        Assert.Equal(HandoffPaths.DefaultFolder, Path.GetDirectoryName(HandoffPaths.DefaultSlot));
        HandoffPaths.PreparePipe(HandoffPaths.DefaultPipe);
    }

    /// <summary>Binds a socket and closes it without removing its file, as a killed process does.</summary>
    private static void Leave(string path)
    {
        using var process = System.Diagnostics.Process.Start("python3",
            ["-c", $"import socket; s = socket.socket(socket.AF_UNIX); "
                + $"s.bind({System.Text.Json.JsonSerializer.Serialize(path)})"]);
        process.WaitForExit();
    }
}
