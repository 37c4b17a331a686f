using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Loop.Tests.Support;

/// <summary>A program as a process of its own, with every line that it says.</summary>
internal sealed class Running : IDisposable
{
    /// <summary>Much longer than anything takes, also on a machine that has a lot else to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _name;
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly Thread[] _readers;

    private Running(string name, ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _name = name;
        _process = new Process { StartInfo = start };
        _process.Start();
        _readers = [Read(_process.StandardOutput, _output), Read(_process.StandardError, _errors)];
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The processes that it has started.</summary>
    public int[] Children => Processes.ChildrenOf(Id);

    public string[] Output => Copy(_output);

    public string[] Errors => Copy(_errors);

    private string Everything => $"{_name} said: {string.Join('\n', Output)}\n{string.Join('\n', Errors)}";

    /// <summary>One of ours, from where it was built beside this test.</summary>
    public static Running Ours(string program, string[] arguments, params (string Name, string Value)[] environment) =>
        Start(program, PathOf(program), arguments, environment);

    /// <summary>One of ours, whose lines go into a file.</summary>
    public static Running OursInto(string file, string program, params string[] arguments) =>
        Start(program, "/bin/sh", ["-c", $"exec \"$0\" \"$@\" > {file}", PathOf(program), .. arguments], []);

    /// <summary>One of the aiortc programs.</summary>
    public static Running Aiortc(string program, params string[] arguments) =>
        Start(program, "/usr/bin/python3", ["-u", Path.Combine(AppContext.BaseDirectory, "aiortc", program), .. arguments], []);

    /// <summary>Waits for so many lines that match, and gives the last one's match.</summary>
    public Match Expect(string pattern, int times = 1)
    {
        var matches = new List<Match>();
        Until(
            () => (matches = [.. Output.Select(line => Regex.Match(line, pattern)).Where(match => match.Success)]).Count >= times,
            $"to say '{pattern}' {times} times");
        return matches[times - 1];
    }

    /// <summary>Waits until something about it is so.</summary>
    public void Until(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (_process.HasExited)
            {
                HearLastWords();
                Assert.True(condition(), $"{_name} ended with {_process.ExitCode}, expected it {what}; {Everything}");
                return;
            }
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"waited in vain for {_name} {what}; {Everything}");
            Thread.Sleep(20);
        }
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end, and for its last words.</summary>
    /// <returns>The exit code.</returns>
    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Patience), $"{_name} does not end; {Everything}");
        HearLastWords();
        return _process.ExitCode;
    }

    /// <summary>Ends it as Ctrl+C or a supervisor does.</summary>
    /// <returns>The exit code.</returns>
    public int End(string signal = "TERM")
    {
        Signal(signal);
        return WaitForExit();
    }

    /// <summary>As the kernel does it when memory runs out: no last words.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit(Patience);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(Patience);
        }
        _process.Dispose();
    }

    /// <summary>Those of a child that writes where it does, too.</summary>
    private void HearLastWords() => Assert.All(_readers, reader =>
        Assert.True(reader.Join(Patience), $"{_name} has ended, its output has not; {Everything}"));

    private static Running Start(string name, string path, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(path, arguments);
        foreach (var inherited in start.Environment.Keys.Where(IsAboutUs).ToArray())
            start.Environment.Remove(inherited);
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        return new Running(name, start);
    }

    private static string PathOf(string program)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Path.Combine(AppContext.BaseDirectory, "..", "..", program, configuration, program);
    }

    private static bool IsAboutUs(string name) =>
        name is "DISPLAY" or "WAYLAND_DISPLAY" || name.StartsWith("Ball__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal)
        || name.StartsWith("services__", StringComparison.Ordinal);

    /// <summary>On a thread of its own: one that waits for many programs' lines leaves the pool to those who work.</summary>
    private static Thread Read(StreamReader from, List<string> lines)
    {
        var thread = new Thread(() =>
        {
            while (from.ReadLine() is { } line)
            {
                lock (lines)
                    lines.Add(line);
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static string[] Copy(List<string> lines)
    {
        lock (lines)
            return [.. lines];
    }
}
