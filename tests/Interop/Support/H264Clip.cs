using System.Diagnostics;

namespace Interop.Support;

/// <summary>A moving test picture as H.264 access units, made by ffmpeg when the tests run.</summary>
internal static class H264Clip
{
    private static readonly Lazy<List<byte[]>> s_made = new(Make);

    public static List<byte[]> Frames => s_made.Value;

    /// <summary>How many pictures ffmpeg decodes from access units.</summary>
    public static async Task<int> CountDecodedAsync(IEnumerable<byte[]> frames)
    {
        var file = Path.GetTempFileName();
        try
        {
            await using (var stream = File.Create(file))
            {
                foreach (var frame in frames)
                {
                    stream.Write(frame);
                }
            }

            using var probe = Process.Start(new ProcessStartInfo("ffprobe")
            {
                ArgumentList =
                {
                    "-v", "error", "-f", "h264", "-count_frames", "-select_streams", "v",
                    "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", file,
                },
                RedirectStandardOutput = true,
            })!;
            var text = await probe.StandardOutput.ReadToEndAsync();
            await probe.WaitForExitAsync();
            return int.TryParse(text.Trim().TrimEnd(','), out var count) ? count : 0;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static List<byte[]> Make()
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg")
        {
            ArgumentList =
            {
                "-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=30", "-t", "2", "-pix_fmt", "yuv420p",
                "-c:v", "libx264", "-profile:v", "baseline", "-level", "3.1", "-preset", "ultrafast", "-tune", "zerolatency",
                "-g", "30", "-x264-params", "aud=1:repeat-headers=1:sliced-threads=0", "-b:v", "600k", "-f", "h264", "pipe:1",
            },
            RedirectStandardOutput = true,
        })!;
        using var buffer = new MemoryStream();
        ffmpeg.StandardOutput.BaseStream.CopyTo(buffer);
        ffmpeg.WaitForExit();
        return Split(buffer.ToArray());
    }

    /// <summary>Cuts before each access unit delimiter.</summary>
    private static List<byte[]> Split(byte[] stream)
    {
        var frames = new List<byte[]>();
        var start = 0;
        for (var at = 4; at + 5 <= stream.Length; at++)
        {
            if (stream.AsSpan(at, 4).SequenceEqual<byte>([0, 0, 0, 1]) && (stream[at + 4] & 31) == 9)
            {
                frames.Add(stream[start..at]);
                start = at;
            }
        }

        frames.Add(stream[start..]);
        return frames;
    }
}
