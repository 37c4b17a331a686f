using System.Diagnostics;
using System.Globalization;

namespace Capture;

/// <summary>
/// A screen that nobody sees, with windows that are put where they belong and a pointer that moves like a hand's.
/// </summary>
internal sealed class Screen : IAsyncDisposable
{
    public const int Width = 1456;
    public const int Height = 1000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _server;
    private (double X, double Y) _pointer = (Width / 2.0, Height * 0.8);

    private Screen(Process server, string display)
    {
        _server = server;
        Display = display;
    }

    public string Display { get; }

    public static async Task<Screen> OpenAsync()
    {
        // It finds a free display, and says which.
        var server = Process.Start(new ProcessStartInfo("Xvfb",
            ["-displayfd", "1", "-screen", "0", $"{Width}x{Height}x24", "-nolisten", "tcp"])
        {
            RedirectStandardOutput = true,
        })!;
        var number = await server.StandardOutput.ReadLineAsync().WaitAsync(s_patience);
        var screen = new Screen(server, $":{number}");
        // Every program that is started from now on shows itself there.
        Environment.SetEnvironmentVariable("DISPLAY", screen.Display);
        return screen;
    }

    public async Task PlaceAsync(string title, int x, int y, int? width = null, int? height = null)
    {
        var window = await FindAsync(title);
        if (width is not null)
            await Tools.RunAsync("xdotool", "windowsize", "--sync", window, $"{width}", $"{height}");
        await Tools.RunAsync("xdotool", "windowmove", window, $"{x}", $"{y}", "windowraise", window);
    }

    /// <summary>Moves the pointer there in half a second, slower at the ends.</summary>
    public async Task PointAsync(double x, double y)
    {
        const int Steps = 24;
        var from = _pointer;
        var motion = new List<string>();
        for (var step = 1; step <= Steps; step++)
        {
            var way = (1 - Math.Cos(Math.PI * step / Steps)) / 2;
            _pointer = (from.X + (x - from.X) * way, from.Y + (y - from.Y) * way);
            motion.AddRange(["mousemove", Whole(_pointer.X), Whole(_pointer.Y), "sleep", "0.02"]);
        }
        await Tools.RunAsync("xdotool", [.. motion]);
    }

    public async Task ClickAsync(double x, double y)
    {
        await PointAsync(x, y);
        await Task.Delay(200);
        await Tools.RunAsync("xdotool", "click", "1");
    }

    public async ValueTask DisposeAsync() => await Tools.EndAsync(_server);

    private static async Task<string> FindAsync(string title)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            try
            {
                return (await Tools.RunAsync("xdotool", "search", "--onlyvisible", "--name", title)).Split('\n')[0];
            }
            catch (InvalidOperationException)
            {
                await Task.Delay(100, patience.Token);
            }
        }
    }

    private static string Whole(double value) => Math.Round(value).ToString(CultureInfo.InvariantCulture);
}
