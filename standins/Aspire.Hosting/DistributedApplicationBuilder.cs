using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Backchannel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Health;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Builds the graph, and the host that runs or publishes it.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationExecutionContextOptions _executionContextOptions;
    private readonly BuildStep? _hook = BuildStep.Current.Value;
    private readonly DistributedApplicationEventing _eventing = new();

    public DistributedApplicationBuilder(string[] args) : this(new DistributedApplicationOptions { Args = args })
    {
        ArgumentNullException.ThrowIfNull(args);
    }

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (_hook is null) PlainErrors.Print();
        var settings = new HostApplicationBuilderSettings { Args = options.Args, Configuration = new ConfigurationManager() };
        settings.Configuration.AddEnvironmentVariables("ASPIRE_");
        _hook?.Creating?.Invoke(options, settings);

        _host = new HostApplicationBuilder(settings);
        AppHostAssembly = options.Assembly;
        AppHostDirectory = Path.GetFullPath(options.ResolvedProjectDirectory ?? _host.Environment.ContentRootPath);
        AppHostPath = Path.Join(AppHostDirectory, options.ProjectName ?? _host.Environment.ApplicationName);
        Configuration.AddCommandLine(options.Args ?? [], CommandLineSwitches.Mappings);
        Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AppHost:Directory"] = AppHostDirectory,
            ["AppHost:Path"] = AppHostPath,
            ["AppHost:DashboardApplicationName"] =
                options.DashboardApplicationName ?? AppHostAssembly?.GetName().Name ?? _host.Environment.ApplicationName,
        });

        _executionContextOptions = CommandLineSwitches.ExecutionContextOptions(Configuration);
        ExecutionContext = new DistributedApplicationExecutionContext(_executionContextOptions);
        AddLogging(options);
        AddServices(options);
        _hook?.Created?.Invoke(this);
    }

    /// <inheritdoc />
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc />
    public string AppHostDirectory { get; }

    /// <summary>The AppHost's project file.</summary>
    public string AppHostPath { get; }

    /// <inheritdoc />
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc />
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc />
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc />
    public IDistributedApplicationEventing Eventing => _eventing;

    /// <inheritdoc />
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc />
    public IResourceCollection Resources { get; } = new ResourceCollection();

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new DistributedApplicationResourceBuilder<T>(this, resource);
    }

    /// <inheritdoc />
    public DistributedApplication Build()
    {
        _hook?.Building?.Invoke(this);
        var host = _host.Build();
        _executionContextOptions.ServiceProvider = host.Services;
        _eventing.Log = host.Services.GetRequiredService<ILogger<DistributedApplicationEventing>>();
        var application = new DistributedApplication(host) { Hook = _hook };
        _hook?.Built?.Invoke(application);
        return application;
    }

    private void AddLogging(DistributedApplicationOptions options)
    {
        var logging = _host.Logging;
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Error);

        // That starting failed comes out of Run as an exception, whose message is printed once.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        if (!options.DisableDashboard)
        {
            // The Dashboard shows failing checks; while a resource starts they would only fill the console.
            logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);
        }

        // Once more, so that what the user configured stands above these defaults.
        logging.AddConfiguration(Configuration.GetSection("Logging"));
    }

    private void AddServices(DistributedApplicationOptions options)
    {
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        Services.AddSingleton(sp => new ResourceLoggerService(sp.GetRequiredService<TimeProvider>()));
        Services.AddSingleton<ResourceNotificationService>();
        Services.AddSingleton(sp => new ResourceCommandService(
            sp.GetRequiredService<ResourceNotificationService>(), sp.GetRequiredService<ResourceLoggerService>(), sp));
        Services.AddHealthChecks();
        Services.AddHttpClient();
        Services.Configure<ResourceNotificationServiceOptions>(o => o.DefaultWaitBehavior = options.DisableDashboard
            ? WaitBehavior.StopOnResourceUnavailable
            : WaitBehavior.WaitOnResourceUnavailable);
        Services.AddHostedService<StartupMessages>();
        Services.AddHostedService<BackchannelService>();

        if (ExecutionContext.IsPublishMode)
        {
            Services.AddHostedService<ManifestPublisher>();
            return;
        }

        Services.AddSingleton(sp => DcpBundle.Find(sp.GetRequiredService<IConfiguration>(), options));
        Services.AddSingleton<DcpHost>();
        Services.AddSingleton<LaunchPlanner>();
        Services.AddSingleton<Orchestrator>();
        Services.AddSingleton<DashboardInfo>();
        Services.AddSingleton<ResourceHealthMonitor>();
        if (!options.DisableDashboard)
        {
            DashboardInfo.AddKeys(Configuration);
            DashboardResource.AddHealthCheck(Services);
            Services.AddSingleton<ResourceServiceHost>();
            Services.AddHostedService(sp => sp.GetRequiredService<ResourceServiceHost>());
            Eventing.Subscribe<BeforeStartEvent>(DashboardResource.AddToModelAsync);
        }

        if (options.EnableResourceLogging) Services.AddHostedService<ResourceLogForwarder>();
        Services.AddHostedService(sp => sp.GetRequiredService<ResourceHealthMonitor>());
        Services.AddHostedService<OrchestratorHost>();
        Eventing.Subscribe<BeforeStartEvent>((e, _) =>
        {
            WaitCycles.Refuse(e.Model);
            LifecycleCommands.AddTo(e.Model);
            return Task.CompletedTask;
        });
    }
}
