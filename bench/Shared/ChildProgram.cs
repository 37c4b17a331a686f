using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bench;

/// <summary>A program under measurement: started, watched, and asked to end as a user would, by Ctrl+C's signal.</summary>
internal sealed class ChildProgram : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly List<string> _said = [];

    public ChildProgram(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public TimeSpan Cpu => CpuMeter.Of(Id);

    /// <summary>Waits until it ends by itself.</summary>
    public async Task EndAsync(TimeSpan after)
    {
        using var limit = new CancellationTokenSource(after + s_patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end. It said:\n{Said}");
        }
    }

    public string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said.TakeLast(30));
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, 2);
            if (!_process.WaitForExit(5000))
                _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_said)
            _said.Add(line);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}
