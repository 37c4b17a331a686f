using System.Text;

namespace Ball.Handoff;

/// <summary>Where pipe and slot lie when nobody says otherwise, and which places are safe for them.</summary>
public static class HandoffPaths
{
    /// <summary>A Unix socket's address has room for 108 bytes with the zero at its end.</summary>
    internal const int LongestPipePath = 107;

    internal const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>A folder of this user alone: <c>$XDG_RUNTIME_DIR/ball</c>, or <c>/tmp/ball-UID</c>.</summary>
    public static string DefaultFolder { get; } =
        Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Path.IsPathFullyQualified(runtime)
        && Directory.Exists(runtime)
            ? Path.Combine(runtime, "ball")
            : Path.Combine(Path.GetTempPath(), $"ball-{Libc.UserId}");

    public static string DefaultPipe { get; } = Path.Combine(DefaultFolder, "frames.pipe");

    public static string DefaultSlot { get; } = Path.Combine(DefaultFolder, "coordinates.slot");

    /// <summary>Throws unless a frame pipe can lie at the path; makes its folder when there is none.</summary>
    /// <exception cref="HandoffException">The message says what is wrong and what to do.</exception>
    public static void PreparePipe(string path)
    {
        Prepare(path, "pipe", FileKind.Socket);
        var bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > LongestPipePath)
            throw new HandoffException(
                $"The pipe's path is {bytes} bytes long, {LongestPipePath} is the most that a Unix socket takes: choose a "
                + $"shorter one than {path}");
    }

    /// <summary>Throws unless a coordinate slot can lie at the path; makes its folder when there is none.</summary>
    /// <exception cref="HandoffException">The message says what is wrong and what to do.</exception>
    public static void PrepareSlot(string path) => Prepare(path, "slot", FileKind.Regular);

    private static void Prepare(string path, string what, FileKind expected)
    {
        if (!Path.IsPathFullyQualified(path) || Path.EndsInDirectorySeparator(path) || path.Contains('\0'))
            throw new HandoffException($"The {what} needs an absolute path of a file, not \"{path}\"");
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, OwnerOnlyFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HandoffException($"The {what}'s folder {folder} cannot be made: {e.Message}", e);
        }
        if (OperatingSystem.IsWindows() || !Libc.IsHere)
            return;
        CheckFolder(folder, what);
        if (Libc.TryStat(Libc.Encode(path), out var there) && there.Kind != expected)
            throw new HandoffException(
                $"{path} is not a {what} but a {NameOf(there.Kind)}: it stays untouched; choose another path for the {what}");
    }

    private static string NameOf(FileKind kind) => kind switch
    {
        FileKind.Regular => "file",
        FileKind.Folder => "folder",
        FileKind.Socket => "socket",
        FileKind.Fifo => "FIFO",
        FileKind.CharacterDevice or FileKind.BlockDevice => "device",
        _ => "link",
    };

    /// <summary>Whoever may rename files in the folder could put a pipe or slot of his own in the place of ours.</summary>
    private static void CheckFolder(string folder, string what)
    {
        if (OperatingSystem.IsWindows())
            return;
        var mode = File.GetUnixFileMode(folder);
        if (mode.HasFlag(UnixFileMode.OtherWrite) && !mode.HasFlag(UnixFileMode.StickyBit))
            throw new HandoffException(
                $"Everybody may write in the {what}'s folder {folder}: run chmod o-w on it, or choose a folder of your own");
        var real = Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
        if (Libc.TryStat(Libc.Encode(real), out var facts) && facts.Owner != 0 && facts.Owner != Libc.UserId)
            throw new HandoffException($"The {what}'s folder {folder} belongs to somebody else: choose a folder of your own");
    }
}
