using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Capture;

/// <summary>The whole application, as <c>./ball run</c> starts it.</summary>
internal sealed partial class Application : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly TaskCompletionSource<string> _login = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Application(string root)
    {
        _process = new Process
        {
            // A group of its own, which hears Ctrl+C as one at a terminal does: `dotnet run` leaves it to its child.
            StartInfo = new ProcessStartInfo("setsid", [Path.Combine(root, "ball"), "run"])
            {
                WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The link to the Dashboard.</summary>
    public Task<string> LoginAsync() => _login.Task.WaitAsync(s_patience);

    public async ValueTask DisposeAsync() => await Tools.EndAsync(_process, group: true);

    private void Hear(string? line)
    {
        if (line is null)
        {
            _login.TrySetException(new InvalidOperationException("./ball run ended before it said where the Dashboard is."));
            return;
        }
        if (LoginLink().Match(line) is { Success: true } link)
            _login.TrySetResult(link.Value);
    }

    [GeneratedRegex(@"https?://\S+/login\?t=\w+")]
    private static partial Regex LoginLink();
}
