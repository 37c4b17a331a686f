using System.Diagnostics;

namespace Capture;

/// <summary>The programs that only this one needs.</summary>
internal static class Tools
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private static readonly (string Program, string Package)[] s_needed =
        [("Xvfb", "xvfb"), ("xdotool", "xdotool"), ("ffmpeg", "ffmpeg"), ("chromium", "chromium")];

    /// <summary>What is to be installed first, as one line; null where all is there.</summary>
    public static string? Missing()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var missing = s_needed.Where(tool => !path.Any(folder => File.Exists(Path.Combine(folder, tool.Program)))).ToArray();
        return missing.Length == 0
            ? null
            : $"The capture needs {string.Join(", ", missing.Select(tool => tool.Program))}: "
                + $"apt-get install {string.Join(' ', missing.Select(tool => tool.Package))}";
    }

    /// <summary>What a program says until it ends; fails where it fails.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var patience = new CancellationTokenSource(s_patience);
        var said = process.StandardOutput.ReadToEndAsync(patience.Token);
        var complained = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode == 0
            ? await said
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed:\n{await complained}");
    }

    /// <summary>Asks a program to end, as Ctrl+C does, and waits for that.</summary>
    public static async Task EndAsync(Process process, bool group = false)
    {
        using (var kill = Process.Start("kill", ["-INT", "--", group ? $"-{process.Id}" : $"{process.Id}"]))
            await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(s_patience);
        await process.WaitForExitAsync(patience.Token);
        process.Dispose();
    }
}
