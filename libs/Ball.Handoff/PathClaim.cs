using System.Globalization;

namespace Ball.Handoff;

/// <summary>
/// The exclusive right to write at a path, held by an advisory lock on a file beside it. The kernel gives it back when the
/// process ends, however it ends, so what a dead process left is free and what a live one uses is not.
/// </summary>
internal sealed class PathClaim : IDisposable
{
    private const int WouldBlock = 11;
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);
    private readonly FileStream _lock;

    private PathClaim(FileStream held) => _lock = held;

    /// <param name="path">What is claimed.</param>
    /// <param name="what">How to call it in a message.</param>
    /// <param name="patience">How long to wait for a predecessor that is just ending.</param>
    public static PathClaim Take(string path, string what, TimeSpan patience)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var pause = new ManualResetEventSlim();
        while (true)
        {
            try
            {
                return Take(path + ".lock");
            }
            catch (IOException e) when ((e.HResult & 0xffff) == WouldBlock)
            {
                if (TimeProvider.System.GetElapsedTime(started) >= patience)
                    throw new HandoffException(
                        $"There would be two writers: {HolderOf(path + ".lock")}"
                        + $" already uses the {what} {path}; end it or choose another path", e);
                pause.Wait(s_step);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new HandoffException($"The {what} {path} cannot be claimed: {e.Message}", e);
            }
        }
    }

    public void Dispose() => _lock.Dispose();

    private static PathClaim Take(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = HandoffPaths.OwnerOnly;
        return new PathClaim(new FileStream(path, options));
    }

    /// <summary>Who holds the lock, as far as the kernel tells us: "4: FLOCK ADVISORY WRITE 4711 fe:00:1234 0 EOF".</summary>
    private static string HolderOf(string path)
    {
        const string Unknown = "another process";
        try
        {
            if (!Libc.IsHere || !Libc.TryStat(Libc.Encode(path), out var facts))
                return Unknown;
            var file = string.Create(CultureInfo.InvariantCulture, $":{facts.Inode}");
            foreach (var line in File.ReadLines("/proc/locks"))
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length > 5 && words[1] == "FLOCK" && words[5].EndsWith(file, StringComparison.Ordinal))
                    return $"process {words[4]}";
            }
            return Unknown;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unknown;
        }
    }
}
