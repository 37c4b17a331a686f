using Ball.Handoff;
using BallClient.Options;

namespace BallClient.Hosting;

/// <summary>
/// The pipe and the slot between us and the detector, and a private folder for them where nobody says where they lie.
/// </summary>
internal sealed class Handoff : IDisposable
{
    private readonly string? _folder;

    private Handoff(string pipe, string slot, string? folder)
    {
        (PipePath, SlotPath, _folder) = (pipe, slot, folder);
        Pipe = FramePipeWriter.Serve(pipe);
        Slot = new CoordinateSlotReader(slot);
    }

    public string PipePath { get; }

    public string SlotPath { get; }

    public FramePipeWriter Pipe { get; }

    public CoordinateSlotReader Slot { get; }

    /// <returns>Null where nothing is to be found.</returns>
    /// <exception cref="HandoffException">A path cannot be used.</exception>
    public static Handoff? Open(ClientOptions options)
    {
        if (options.Finder == FinderKind.None)
            return null;
        var folder = options.Pipe is null || options.Slot is null
            ? Path.Combine(HandoffPaths.DefaultFolder, $"client-{Environment.ProcessId}")
            : null;
        return new Handoff(
            options.Pipe ?? Path.Combine(folder!, "frames.pipe"),
            options.Slot ?? Path.Combine(folder!, "coordinates.slot"),
            folder);
    }

    public void Dispose()
    {
        Pipe.Dispose();
        Slot.Dispose();
        if (_folder is null)
            return;
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A file that somebody still holds is no reason to fail at the end.
        }
    }
}
