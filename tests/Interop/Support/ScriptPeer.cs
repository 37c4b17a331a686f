using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Interop.Support;

/// <summary>A peer in another process, spoken to by JSON lines.</summary>
internal sealed class ScriptPeer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Channel<JsonObject> _reports = Channel.CreateUnbounded<JsonObject>();
    private readonly List<string> _seen = [];
    private readonly Task _reading;
    private readonly Task<string> _errors;

    public ScriptPeer(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public static ScriptPeer Aiortc(params string[] arguments) =>
        new("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "peers", "aiortc_peer.py"), .. arguments]);

    public static ScriptPeer GStreamer(string role) =>
        new("/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "peers", "gstreamer_peer.py"), role);

    public void Tell(object order) => _process.StandardInput.WriteLine(JsonSerializer.Serialize(order));

    /// <summary>The next report that has the property and, if given, satisfies the condition; others are passed over.</summary>
    public async Task<JsonObject> ExpectAsync(string property, Func<JsonNode, bool>? condition = null)
    {
        using var timeout = new CancellationTokenSource(s_patience);
        try
        {
            while (true)
            {
                var report = await _reports.Reader.ReadAsync(timeout.Token);
                if (report[property] is { } value && (condition is null || condition(value)))
                {
                    return report;
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException)
        {
            var errors = _errors.IsCompleted ? await _errors : string.Empty;
            throw new TimeoutException($"No report with {property}; got: {string.Join(" | ", _seen)} {errors}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_seen)
            {
                _seen.Add(line.Length > 120 ? line[..120] : line);
            }

            if (line.StartsWith('{') && JsonNode.Parse(line) is JsonObject report)
            {
                await _reports.Writer.WriteAsync(report);
            }
        }

        _reports.Writer.TryComplete();
    }
}
