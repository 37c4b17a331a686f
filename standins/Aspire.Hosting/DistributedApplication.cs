using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>The application: everything in the graph, started and stopped together.</summary>
[DebuggerDisplay("{_host}")]
public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    private readonly IHost _host = host ?? throw new ArgumentNullException(nameof(host));

    /// <summary>The AppHost's services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>How the resources are doing.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Gives commands to resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    internal BuildStep? Hook { get; init; }

    /// <summary>Begins a graph.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Begins a graph.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return new DistributedApplicationBuilder(new DistributedApplicationOptions { Args = args });
    }

    /// <summary>Begins a graph.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new DistributedApplicationBuilder(options);
    }

    /// <summary>Starts everything and waits until the application is told to stop.</summary>
    public void Run()
    {
        try
        {
            RunAsync().GetAwaiter().GetResult();
        }
        catch (DistributedApplicationException e) when (Hook is null)
        {
            // The message says what to do; where in the library it was found helps nobody.
            Console.Error.WriteLine(e.Message);
            Environment.ExitCode = 2;
        }
    }

    /// <summary>Starts everything and waits until the application is told to stop.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        await using (this.ConfigureAwait(false))
        {
            var stopping = Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            try
            {
                await StartAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
                when (stopping.IsCancellationRequested || cancellationToken.IsCancellationRequested)
            {
                // Ctrl+C while some resources still wait for others: not an error. What runs already has to be stopped.
                await StopAsync(CancellationToken.None).ConfigureAwait(false);
                return;
            }

            await _host.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Starts everything.</summary>
    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await PublishBeforeStartAsync(cancellationToken).ConfigureAwait(false);
            await _host.StartAsync(cancellationToken).ConfigureAwait(false);
            Hook?.Started?.Invoke(null);
        }
        catch (Exception e)
        {
            Hook?.Started?.Invoke(e);
            throw;
        }
    }

    /// <summary>Stops everything.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <inheritdoc />
    public virtual void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host) await host.DisposeAsync().ConfigureAwait(false);
        else _host.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task PublishBeforeStartAsync(CancellationToken cancellationToken)
    {
        var eventing = Services.GetRequiredService<IDistributedApplicationEventing>();
        var executionContext = Services.GetRequiredService<DistributedApplicationExecutionContext>();
        foreach (var subscriber in Services.GetServices<IDistributedApplicationEventingSubscriber>())
            await subscriber.SubscribeAsync(eventing, executionContext, cancellationToken).ConfigureAwait(false);

        var model = Services.GetRequiredService<DistributedApplicationModel>();
        await eventing.PublishAsync(new BeforeStartEvent(Services, model), cancellationToken).ConfigureAwait(false);
    }
}
