using System.Diagnostics;

namespace Ball.Link.Tests;

/// <summary>A program of aiortc's, as a real and independent other end.</summary>
sealed class PythonPeer : IAsyncDisposable
{
    const string Python = "/usr/bin/python3";

    readonly Process _process;
    readonly Task<string> _errors;

    PythonPeer(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static PythonPeer Start(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "peers", script));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return new PythonPeer(Process.Start(start)!);
    }

    /// <summary>The next line it prints.</summary>
    public async Task<string> LineAsync(CancellationToken cancel) =>
        await _process.StandardOutput.ReadLineAsync(cancel)
        ?? throw new InvalidOperationException($"The peer ended: {await _errors}");

    public async Task<int> ExitAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel);
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        return ValueTask.CompletedTask;
    }
}
