using System.Globalization;
using System.Text;

namespace Ball.Handoff;

/// <summary>
/// The exclusive right to write at a path, held by an advisory lock on a file beside it. The kernel gives it back when the
/// process ends, however it ends, so what a dead process left is free and what a live one uses is not.
/// </summary>
internal sealed class PathClaim : IDisposable
{
    private const int WouldBlock = 11;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
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
                        $"There would be two writers: {HolderOf(path + ".lock")} already uses the {what} {path}; end it or choose another path", e);
                pause.Wait(Step);
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
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = HandoffPaths.OwnerOnly;
        var held = new FileStream(path, options);
        try
        {
            held.SetLength(0);
            held.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")));
            return new PathClaim(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static string HolderOf(string path)
    {
        try
        {
            // Sharing everything takes no lock.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
            Span<byte> text = stackalloc byte[16];
            return int.TryParse(text[..file.Read(text)], CultureInfo.InvariantCulture, out var id) ? $"process {id}" : "another process";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
