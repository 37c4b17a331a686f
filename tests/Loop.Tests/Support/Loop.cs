using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Loop.Tests.Support;

/// <summary>The programs of one test, and its own folder; what still runs at its end is killed.</summary>
internal sealed class Loop : IDisposable
{
    private const string Quiet = "--no-graphics";

    private readonly List<Running> _running = [];
    private int _files;

    public string Folder { get; } = Directory.CreateTempSubdirectory("ball-loop-").FullName;

    /// <summary>A server that listens on any free port.</summary>
    public Side Server(params string[] arguments) => ServerAt(0, arguments);

    public Side ServerAt(int port, params string[] arguments) =>
        Start("BallServer", ["--signaling-port", $"{port}", "--urls", "http://127.0.0.1:0", .. arguments], []);

    public Side Client(int port, params string[] arguments) =>
        Start("BallClient", ["--signaling-port", $"{port}", .. arguments], []);

    /// <summary>With a window on a display, where there is one.</summary>
    public Side WithWindow(string program, string? display, params string[] arguments) =>
        Start(program, arguments, display is null ? [] : [("DISPLAY", display)], graphics: true);

    /// <summary>The program and nothing else: no summary, no quiet.</summary>
    public Running Bare(string program, params string[] arguments) => Keep(Running.Ours(program, arguments));

    public Running Bare(string program, string[] arguments, params (string, string)[] environment) =>
        Keep(Running.Ours(program, arguments, environment));

    /// <summary>A side whose lines go into a file.</summary>
    public Side Into(string file, string program, params string[] arguments)
    {
        var json = FileName(".json");
        return new Side(Keep(Running.OursInto(file, program, [.. arguments, Quiet, "--json", json])), json);
    }

    public Running Aiortc(string program, params string[] arguments) => Keep(Running.Aiortc(program, arguments));

    public string FileName(string end) => Path.Combine(Folder, $"{Interlocked.Increment(ref _files)}{end}");

    public void Dispose()
    {
        foreach (var running in Enumerable.Reverse(_running))
            running.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private Side Start(string program, string[] arguments, (string, string)[] environment, bool graphics = false)
    {
        var json = FileName(".json");
        string[] all = [.. arguments, "--json", json, .. graphics ? Array.Empty<string>() : [Quiet]];
        return new Side(Keep(Running.Ours(program, all, environment)), json);
    }

    private Running Keep(Running running)
    {
        _running.Add(running);
        return running;
    }

    /// <summary>A server or a client, with the summary it writes.</summary>
    internal sealed record Side(Running Running, string File)
    {
        /// <summary>The port on which it waits for others.</summary>
        public int Port =>
            int.Parse(Running.Expect(@"(?:connect to|waiting for a server on) 127\.0\.0\.1:(\d+)").Groups[1].Value);

        /// <summary>Its summary, once it has ended.</summary>
        public JsonNode Summary => JsonNode.Parse(System.IO.File.ReadAllText(File))!;

        /// <summary>How many coordinates the server has scored, by its lines.</summary>
        public int Scored => Numbers(@"\d s  (.*): connected.* (\d+) samples")
            .GroupBy(line => line.Who, (_, lines) => lines.Max(line => line.Count)).Sum();

        /// <summary>How many coordinates the client has sent, by its lines.</summary>
        public int Sent => Numbers(@"()(\d+) coordinates sent").Sum(line => line.Count);

        /// <summary>Waits until the server's lines show so many times that coordinates came back.</summary>
        public void SeesTheBall(int times = 2) => Running.Expect(@"connected.*seen \(", times);

        /// <summary>Waits until the server's lines show that it has scored so many coordinates.</summary>
        public void Scores(int samples) => Running.Until(() => Scored >= samples, $"to score {samples} samples");

        /// <summary>Waits until the client's lines show so many times that coordinates left.</summary>
        public void Reports(int times = 2) => Running.Expect(@"[1-9]\d* coordinates sent", times);

        /// <summary>
        /// The same, in the lines after the first so many. Three times: the first may tell of what was before them, and the
        /// second of what was on its way.
        /// </summary>
        public void ReportsAgain(int before) => SaysAgain("[1-9][0-9]* coordinates sent", before, 3);

        /// <summary>Waits for so many lines that match after the first so many.</summary>
        public void SaysAgain(string pattern, int before, int times) => Running.Until(
            () => Running.Output.Skip(before).Count(line => Regex.IsMatch(line, pattern)) >= times,
            $"to say '{pattern}' {times} times again");

        /// <summary>Waits until the client's lines show that so many frames came.</summary>
        public void Receives(int frames) => Running.Until(
            () => Numbers(@"()(\d+) frames received").Sum(line => line.Count) >= frames, $"to receive {frames} frames");

        /// <summary>Ends it, and gives the summary.</summary>
        public JsonNode End(string signal = "TERM")
        {
            Assert.Equal(0, Running.End(signal));
            return Summary;
        }

        private IEnumerable<(string Who, int Count)> Numbers(string pattern) =>
            Running.Output.Select(line => Regex.Match(line, pattern)).Where(match => match.Success)
                .Select(match => (match.Groups[1].Value, int.Parse(match.Groups[2].Value)));
    }
}
