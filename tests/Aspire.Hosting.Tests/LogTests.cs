using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests;

public class LogTests
{
    [Fact]
    public async Task Who_comes_later_reads_from_the_beginning_and_all_read_to_the_end()
    {
        using var logs = new ResourceLoggerService();
        logs.Append("one", "first", isError: false);
        var early = ReadAsync(logs.WatchAsync("one"));
        logs.Append("one", "second", isError: true);
        logs.Complete("one");
        LogLine[] all = [new(1, "first", false), new(2, "second", true)];
        Assert.Equal(all, await early);
        Assert.Equal(all, await ReadAsync(logs.WatchAsync("one")));
    }

    [Fact]
    public async Task What_is_there_can_be_read_without_waiting_for_more()
    {
        using var logs = new ResourceLoggerService();
        logs.Append("one", "first", isError: false);
        Assert.Equal([new(1, "first", false)], await ReadAsync(logs.GetAllAsync("one")));
        logs.ClearBacklog("one");
        logs.Append("one", "second", isError: false);
        Assert.Equal([new(2, "second", false)], await ReadAsync(logs.GetAllAsync("one")));
    }

    [Fact]
    public async Task A_log_does_not_grow_for_ever()
    {
        using var logs = new ResourceLoggerService();
        for (var i = 1; i <= 10_005; i++) logs.Append("one", $"{i}", isError: false);
        var kept = await ReadAsync(logs.GetAllAsync("one"));
        Assert.Equal((10_000, "6", "10005"), (kept.Count, kept[0].Content, kept[^1].Content));
    }

    [Fact]
    public async Task What_is_said_of_a_resource_stands_in_the_log_of_every_copy()
    {
        using var builder = TestApp.New();
        var many = builder.AddShell("many", "true").WithAnnotation(new InstancesAnnotation(["many-a", "many-b"])).Resource;
        using var logs = new ResourceLoggerService();
        logs.GetLogger(many).LogError("oh dear");
        logs.GetLogger(many).LogInformation("never mind");
        foreach (var copy in (string[])["many-a", "many-b"])
        {
            var lines = await ReadAsync(logs.GetAllAsync(copy));
            Assert.Equal([true, false], lines.Select(l => l.IsErrorMessage));
            Assert.EndsWith("Z oh dear", lines[0].Content);
        }
    }

    [Fact]
    public async Task What_a_process_complains_of_stands_in_the_log_of_a_test()
    {
        var log = new ErrorLog();
        await using var builder = TestApp.New();
        builder.Services.AddSingleton<ILoggerProvider>(log);
        builder.AddShell("one", "echo oh dear >&2; sleep 1000");
        await using var app = await builder.StartAsync();
        Assert.Contains("oh dear", await log.Error.Task.WaitAsync(TestApp.Limit));
    }

    private static async Task<List<LogLine>> ReadAsync(IAsyncEnumerable<IReadOnlyList<LogLine>> log)
    {
        var all = new List<LogLine>();
        await foreach (var lines in log.WithCancellation(TestApp.Limit)) all.AddRange(lines);
        return all;
    }
}
