using System.Diagnostics;

namespace Ball.Link.Tests;

/// <summary>A program of aiortc's, as a real and independent other end.</summary>
sealed class PythonPeer : IAsyncDisposable
{
    const string Python = "/usr/bin/python3";

    readonly Process process;
    readonly Task<string> errors;

    PythonPeer(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
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
        await process.StandardOutput.ReadLineAsync(cancel)
        ?? throw new InvalidOperationException($"The peer ended: {await errors}");

    public async Task<int> ExitAsync(CancellationToken cancel)
    {
        await process.WaitForExitAsync(cancel);
        return process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
        return ValueTask.CompletedTask;
    }
}
