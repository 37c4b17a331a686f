using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Begins applications for tests.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>The application of an AppHost: <c>CreateAsync&lt;Projects.MyApp_AppHost&gt;()</c>.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), [], cancellationToken);

    /// <summary>The application of an AppHost.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <summary>The application of an AppHost.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default) =>
        CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    /// <summary>The application of an AppHost.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint, CancellationToken cancellationToken = default) => CreateAsync(entryPoint, [], cancellationToken);

    /// <summary>The application of an AppHost.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint, string[] args, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, args, (_, _) => { }, cancellationToken);

    /// <summary>The application of an AppHost.</summary>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(configureBuilder);
        var factory = new ConfiguredFactory(entryPoint, args, configureBuilder);
        try
        {
            var builder = await factory.BuilderAsync(cancellationToken).ConfigureAwait(false);
            return new TestingBuilder(builder, BuildAsync, factory.DisposeAsync);
        }
        catch (Exception)
        {
            await factory.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        async Task<DistributedApplication> BuildAsync(CancellationToken token) =>
            new StartedByProgram(await factory.BuildAsync(token).ConfigureAwait(false), factory);
    }

    /// <summary>An application that the test itself describes.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) => Create(args, (_, _) => { });

    /// <summary>An application that the test itself describes.</summary>
    public static IDistributedApplicationTestingBuilder Create(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(configureBuilder);
        var assembly = Caller();
        BuildStep.Current.Value = new BuildStep
        {
            Creating = (options, settings) => TestDefaults.Apply(args, assembly, options, settings, configureBuilder),
        };
        try
        {
            var builder = new DistributedApplicationBuilder(new DistributedApplicationOptions());
            DistributedApplication? built = null;
            return new TestingBuilder(
                builder,
                _ => Task.FromResult(built ??= builder.Build()),
                () => built?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        finally
        {
            BuildStep.Current.Value = null;
        }
    }

    /// <summary>The assembly of the test: the first one above this library.</summary>
    private static Assembly Caller() =>
        new StackTrace().GetFrames().Select(f => f.GetMethod()?.DeclaringType?.Assembly)
            .FirstOrDefault(a => a is not null && a != typeof(DistributedApplicationTestingBuilder).Assembly)
        ?? Assembly.GetEntryAssembly()!;

    private sealed class ConfiguredFactory(
        Type entryPoint, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
        : DistributedApplicationFactory(entryPoint, args)
    {
        protected override void OnBuilderCreating(
            DistributedApplicationOptions applicationOptions, HostApplicationBuilderSettings hostOptions) =>
            configure(applicationOptions, hostOptions);
    }

    /// <summary>An application that is started, and disposed of, by the program that built it.</summary>
    private sealed class StartedByProgram(DistributedApplication inner, DistributedApplicationFactory factory)
        : DistributedApplication(inner)
    {
        public override Task StartAsync(CancellationToken cancellationToken = default) => factory.StartAsync(cancellationToken);

        public override async Task RunAsync(CancellationToken cancellationToken = default)
        {
            await StartAsync(cancellationToken).ConfigureAwait(false);
            await inner.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        }

        public override Task StopAsync(CancellationToken cancellationToken = default) => inner.StopAsync(cancellationToken);

        public override void Dispose() => factory.Dispose();

        public override ValueTask DisposeAsync() => factory.DisposeAsync();
    }
}
