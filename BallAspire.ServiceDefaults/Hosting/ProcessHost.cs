using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace BallAspire.ServiceDefaults;

/// <summary>The web host around a process: there for health and telemetry, and never in its way.</summary>
public static class ProcessHost
{
    /// <summary>Health and telemetry may take this long to say goodbye, whatever they have to tell.</summary>
    private static readonly TimeSpan s_goodbye = TimeSpan.FromMilliseconds(700);

    /// <param name="verbose">Whether to log more than what matters to everybody.</param>
    public static WebApplicationBuilder CreateBuilder(bool verbose)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", verbose ? LogLevel.Information : LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddConsole(console => console.FormatterName = PlainLines.Key)
            .AddConsoleFormatter<PlainLines, ConsoleFormatterOptions>();
        return builder;
    }

    /// <summary>A process that nobody calls by its address takes any free port, so as not to fight over the usual one.</summary>
    public static void UseAnyPortUnlessTold(this WebApplicationBuilder builder)
    {
        var isTold = new[] { "URLS", "HTTP_PORTS", "HTTPS_PORTS" }.Any(name => builder.Configuration[name] is { Length: > 0 });
        if (!isTold)
            builder.WebHost.UseUrls("http://127.0.0.1:0");
    }

    /// <summary>Starts the host.</summary>
    /// <returns>False where the program was asked to end before it had begun.</returns>
    /// <exception cref="SetUpException">It cannot answer where it was told to.</exception>
    public static async Task<bool> BeginAsync(this WebApplication app, CancellationToken cancel)
    {
        try
        {
            await app.StartAsync(cancel);
            return true;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e)
            when (e is FormatException or ArgumentException or InvalidOperationException or SocketException or IOException)
        {
            var why = e is ArgumentOutOfRangeException ? "no such port" : e.Message.TrimEnd('.');
            throw new SetUpException(
                $"Cannot answer on {app.Configuration["urls"]}: {why}. Choose another address, such as http://localhost:5080.",
                e);
        }
    }

    /// <summary>Stops and disposes of the host, in little more than a second even where a telemetry collector is gone.</summary>
    public static async Task EndAsync(this WebApplication app)
    {
        await QuicklyAsync(() => app.StopAsync(new CancellationToken(canceled: true)));
        await QuicklyAsync(async () => await app.DisposeAsync());
    }

    /// <summary>On another thread: an exporter flushes before it gives the thread back.</summary>
    private static async Task QuicklyAsync(Func<Task> end)
    {
        try
        {
            await Task.Run(end).WaitAsync(s_goodbye);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            // Nothing of the run's is lost: its summary is out.
        }
    }
}
