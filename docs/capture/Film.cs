using System.Diagnostics;
using System.Globalization;

namespace Capture;

/// <summary>Films the screen scene by scene, and joins the scenes.</summary>
internal sealed class Film(Screen screen, string folder) : IDisposable
{
    private const int Fps = 30;
    private const double Fade = 0.4;

    private readonly string _work = Directory.CreateTempSubdirectory("ball-capture-").FullName;
    private readonly List<(string File, double Seconds)> _scenes = [];

    /// <summary>Films for as long as something is done; lossless, so that it costs little now.</summary>
    public async Task ShootAsync(Func<Task> action)
    {
        var file = Path.Combine(_work, $"{_scenes.Count}.mkv");
        var camera = Process.Start(new ProcessStartInfo("ffmpeg",
            [
                .. Look, "-framerate", $"{Fps}", .. Grab(0, 0, Screen.Width, Screen.Height),
                "-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", file,
            ])
        {
            RedirectStandardInput = true,
        })!;
        try
        {
            await Task.Delay(700);
            await action();
        }
        finally
        {
            await camera.StandardInput.WriteAsync('q');
            await camera.WaitForExitAsync();
            camera.Dispose();
        }
        var seconds = await Tools.RunAsync("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file);
        _scenes.Add((file, double.Parse(seconds, CultureInfo.InvariantCulture)));
    }

    /// <summary>A picture of a part of the screen.</summary>
    public Task StillAsync(string name, int x, int y, int width, int height) => Tools.RunAsync(
        "ffmpeg", [.. Look, "-draw_mouse", "0", .. Grab(x, y, width, height), "-frames:v", "1", Path.Combine(folder, name)]);

    /// <summary>
    /// Writes the film, for players, and its last scene as a picture that moves, which pages show by themselves.
    /// </summary>
    public async Task JoinAsync(string name)
    {
        var video = Path.Combine(folder, $"{name}.mp4");
        List<string> inputs = [.. Look];
        var graph = new List<string>();
        var (last, length) = ("s0", _scenes[0].Seconds);
        for (var i = 0; i < _scenes.Count; i++)
        {
            inputs.AddRange(["-i", _scenes[i].File]);
            // As long as the file says, to the frame: a scene that is shorter than that would be the film's end.
            graph.Add(string.Create(CultureInfo.InvariantCulture,
                $"[{i}:v]fps={Fps},tpad=stop_mode=clone:stop_duration=5,trim=duration={_scenes[i].Seconds},"
                + $"settb=AVTB,setpts=PTS-STARTPTS[s{i}]"));
        }
        for (var i = 1; i < _scenes.Count; i++)
        {
            var at = length - Fade;
            graph.Add(string.Create(CultureInfo.InvariantCulture,
                $"[{last}][s{i}]xfade=transition=fade:duration={Fade}:offset={at:0.###}[v{i}]"));
            (last, length) = ($"v{i}", at + _scenes[i].Seconds);
        }
        await Tools.RunAsync("ffmpeg",
        [
            .. inputs, "-filter_complex", string.Join(';', graph), "-map", $"[{last}]",
            "-c:v", "libx264", "-preset", "slow", "-crf", "24",
            "-pix_fmt", "yuv420p", "-movflags", "+faststart", video,
        ]);
        await Tools.RunAsync("ffmpeg",
        [
            .. Look, "-i", _scenes[^1].File, "-vf", "fps=15,scale=960:-2:flags=lanczos",
            "-c:v", "libwebp_anim", "-quality", "60", "-compression_level", "4", "-loop", "0",
            Path.Combine(folder, $"{name}.webp"),
        ]);
    }

    public void Dispose() => Directory.Delete(_work, recursive: true);

    private static string[] Look => ["-hide_banner", "-loglevel", "error", "-y"];

    private string[] Grab(int x, int y, int width, int height) =>
        ["-f", "x11grab", "-video_size", $"{width}x{height}", "-i", $"{screen.Display}+{x},{y}"];
}
