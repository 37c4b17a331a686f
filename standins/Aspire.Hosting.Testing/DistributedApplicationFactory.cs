using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Runs the program of an AppHost for a test.</summary>
public class DistributedApplicationFactory : IDisposable, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Type _entryPoint;
    private readonly string[] _args;
    private AppHostRun? _run;
    private DistributedApplication? _application;
    private bool _disposed;

    public DistributedApplicationFactory(Type entryPoint) : this(entryPoint, [])
    {
    }

    public DistributedApplicationFactory(Type entryPoint, string[] args)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        ArgumentNullException.ThrowIfNull(args);
        foreach (var arg in args) ArgumentException.ThrowIfNullOrEmpty(arg, nameof(args));
        _entryPoint = entryPoint;
        _args = args;
    }

    /// <summary>Starts the application.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var run = Run();
        await run.Builder.WaitAsync(cancellationToken).ConfigureAwait(false);
        await run.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A client for an endpoint of a resource.</summary>
    public HttpClient CreateHttpClient(string resourceName, string? endpointName = null) =>
        Application.CreateHttpClient(resourceName, endpointName);

    /// <summary>The connection string of a resource.</summary>
    public ValueTask<string?> GetConnectionString(string resourceName) => Application.GetConnectionStringAsync(resourceName);

    /// <summary>The address of an endpoint of a resource.</summary>
    public Uri GetEndpoint(string resourceName, string? endpointName = null) =>
        Application.GetEndpoint(resourceName, endpointName);

    /// <inheritdoc />
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        AppHostRun? run;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            run = _run;
        }

        if (run is not null) await run.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>The program is about to make its builder.</summary>
    protected virtual void OnBuilderCreating(
        DistributedApplicationOptions applicationOptions, HostApplicationBuilderSettings hostOptions)
    {
    }

    /// <summary>The program has made its builder.</summary>
    protected virtual void OnBuilderCreated(DistributedApplicationBuilder applicationBuilder)
    {
    }

    /// <summary>The program has described its graph.</summary>
    protected virtual void OnBuilding(DistributedApplicationBuilder applicationBuilder)
    {
    }

    /// <summary>The program has built its application.</summary>
    protected virtual void OnBuilt(DistributedApplication application)
    {
    }

    internal Task<DistributedApplicationBuilder> BuilderAsync(CancellationToken cancellationToken) =>
        Run().Builder.WaitAsync(cancellationToken);

    internal Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken) => Run().BuildAsync(cancellationToken);

    private DistributedApplication Application
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _application is not null && _run!.Started.IsCompletedSuccessfully
                ? _application
                : throw new InvalidOperationException("The application has not been initialized.");
        }
    }

    private AppHostRun Run()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _run ??= new AppHostRun(
                _entryPoint, _args, OnBuilderCreating, OnBuilderCreated, OnBuilding, application =>
                {
                    _application = application;
                    OnBuilt(application);
                });
        }
    }
}
