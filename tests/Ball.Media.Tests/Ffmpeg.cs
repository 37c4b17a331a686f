using System.Diagnostics;

namespace Ball.Media.Tests;

/// <summary>The machine's ffmpeg, as an independent witness.</summary>
internal static class Ffmpeg
{
    public static byte[] Run(string arguments, byte[] input)
    {
        var start = new ProcessStartInfo("ffmpeg", "-hide_banner -loglevel error " + arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var feeding = Task.Run(() =>
        {
            using var stdin = process.StandardInput.BaseStream;
            stdin.Write(input);
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, process.ExitCode);
        feeding.GetAwaiter().GetResult();
        return output.ToArray();
    }

    /// <summary>H.264 in, I420 out.</summary>
    public static byte[] Decode(byte[] stream) =>
        Run("-f h264 -i - -f rawvideo -pix_fmt yuv420p -fps_mode passthrough -", stream);
}
