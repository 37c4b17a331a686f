using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// One run of an AppHost program on a thread of its own. It is held when it builds, until the test has changed the builder,
/// and once more when it has built, until the test starts the application.
/// </summary>
internal sealed class AppHostRun
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = New<DistributedApplicationBuilder>();
    private readonly TaskCompletionSource<DistributedApplication> _built = New<DistributedApplication>();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayStart = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MethodInfo _entryPoint;
    private readonly string[] _args;
    private readonly BuildStep _steps;

    public AppHostRun(
        Type anyTypeOfTheAppHost,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> creating,
        Action<DistributedApplicationBuilder> created,
        Action<DistributedApplicationBuilder> building,
        Action<DistributedApplication> built)
    {
        var assembly = anyTypeOfTheAppHost.Assembly;
        _entryPoint = assembly.EntryPoint ?? throw new InvalidOperationException(
            $"Assembly of specified type {anyTypeOfTheAppHost} does not have an entry point.");
        _args = args;
        _steps = new BuildStep
        {
            Creating = (options, settings) => TestDefaults.Apply(args, assembly, options, settings, creating),
            Created = created,
            Building = builder =>
            {
                _builder.TrySetResult(builder);
                Hold(_mayBuild.Task);
                building(builder);
            },
            Built = application =>
            {
                built(application);
                _built.TrySetResult(application);
                Hold(_mayStart.Task);
            },
            Started = failure =>
            {
                if (failure is null) _started.TrySetResult();
                else _started.TrySetException(failure);
            },
        };

        new Thread(Run) { IsBackground = true, Name = $"{assembly.GetName().Name} entry point" }.Start();
    }

    /// <summary>The builder, when the program has described its graph.</summary>
    public Task<DistributedApplicationBuilder> Builder => _builder.Task;

    public Task Started => _started.Task;

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _mayBuild.TrySetResult();
        return await _built.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets the program start its application, as it would have by itself.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await BuildAsync(cancellationToken).ConfigureAwait(false);
        _mayStart.TrySetResult();
        await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        var stopped = new OperationCanceledException("The test has disposed of the application.");
        _mayBuild.TrySetException(stopped);
        _ = _mayBuild.Task.Exception;
        if (_mayStart.TrySetException(stopped)) _ = _mayStart.Task.Exception;
        if (_built.Task.IsCompletedSuccessfully)
        {
            var application = await _built.Task.ConfigureAwait(false);
            try
            {
                application.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            }
            catch (ObjectDisposedException)
            {
                // The program has disposed of it already.
            }
        }

        await _ended.Task.WaitAsync(s_limit).ConfigureAwait(false);
        if (_built.Task.IsCompletedSuccessfully)
            await (await _built.Task.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Hold(Task until)
    {
        var ended = until.WaitAsync(s_limit).ContinueWith(t => t.IsCompletedSuccessfully, TaskScheduler.Default);
        if (!ended.GetAwaiter().GetResult())
            throw new OperationCanceledException("The test did not go on with the application.");
    }

    private void Run()
    {
        BuildStep.Current.Value = _steps;
        Exception failure = new InvalidOperationException("The entry point exited without ever building an application.");
        try
        {
            object?[] parameters = _entryPoint.GetParameters().Length == 0 ? [] : [_args];
            if (_entryPoint.Invoke(null, parameters) is Task task) task.GetAwaiter().GetResult();
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            failure = e.InnerException;
        }
        catch (Exception e)
        {
            failure = e;
        }

        Fail(_builder.TrySetException(failure), _builder.Task);
        Fail(_built.TrySetException(failure), _built.Task);
        Fail(_started.TrySetException(failure), _started.Task);
        _ended.TrySetResult();
    }

    // Nobody may be waiting for it; whoever does sees it all the same.
    private static void Fail(bool set, Task task) => _ = set ? task.Exception : null;
}
