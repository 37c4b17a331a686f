using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The console logs of the resources: what their processes write, and what there is to say about them.</summary>
public class ResourceLoggerService : IDisposable
{
    private const int MaxLines = 10_000;

    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _time;

    public ResourceLoggerService() : this(TimeProvider.System)
    {
    }

    internal ResourceLoggerService(TimeProvider time) => _time = time;

    /// <summary>The log of a resource; with copies, all of theirs.</summary>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new Logger(() => InstancesAnnotation.NamesOf(resource).Select(Log), _time);
    }

    /// <summary>The log of a resource or copy.</summary>
    public ILogger GetLogger(string resourceName)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        return new Logger(() => [Log(resourceName)], _time);
    }

    /// <summary>Follows a log from its beginning, as far as it is kept.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WatchAsync(InstancesAnnotation.NamesOf(resource)[0]);
    }

    /// <summary>Follows a log from its beginning, as far as it is kept.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        return Log(resourceName).WatchAsync(follow: true);
    }

    /// <summary>A log as it is now.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetAllAsync(InstancesAnnotation.NamesOf(resource)[0]);
    }

    /// <summary>A log as it is now.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        return Log(resourceName).WatchAsync(follow: false);
    }

    /// <summary>Ends a log for those who follow it.</summary>
    public void Complete(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        foreach (var name in InstancesAnnotation.NamesOf(resource)) Complete(name);
    }

    /// <summary>Ends a log for those who follow it.</summary>
    public void Complete(string name)
    {
        if (_logs.TryGetValue(name, out var log)) log.Complete();
    }

    /// <summary>Forgets what a log holds.</summary>
    public void ClearBacklog(string resourceName)
    {
        if (_logs.TryGetValue(resourceName, out var log)) log.Clear();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var log in _logs.Values) log.Complete();
        GC.SuppressFinalize(this);
    }

    /// <summary>Adds a line that a process has written; it carries its time already.</summary>
    internal void Append(string name, string line, bool isError) => Log(name).Append(line, isError);

    private ResourceLog Log(string name) => _logs.GetOrAdd(name, _ => new ResourceLog());

    private sealed class ResourceLog
    {
        private readonly Lock _lock = new();
        private readonly Queue<LogLine> _lines = new();
        private readonly List<Channel<bool>> _wakes = [];
        private int _count;
        private bool _completed;

        public void Append(string content, bool isError)
        {
            lock (_lock)
            {
                _lines.Enqueue(new LogLine(++_count, content, isError));
                if (_lines.Count > MaxLines) _lines.Dequeue();
                foreach (var wake in _wakes) wake.Writer.TryWrite(true);
            }
        }

        public void Clear()
        {
            lock (_lock) _lines.Clear();
        }

        public void Complete()
        {
            lock (_lock)
            {
                _completed = true;
                foreach (var wake in _wakes) wake.Writer.TryComplete();
            }
        }

        // A follower keeps only its place; a slow one misses lines that are no longer kept, and nothing grows.
        public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(
            bool follow, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
            lock (_lock)
            {
                _wakes.Add(wake);
                if (_completed || !follow) wake.Writer.TryComplete();
            }

            try
            {
                var seen = 0;
                do
                {
                    while (wake.Reader.TryRead(out _))
                    {
                    }

                    LogLine[] lines;
                    lock (_lock) lines = [.. _lines.Where(l => l.LineNumber > seen)];
                    if (lines.Length > 0)
                    {
                        seen = lines[^1].LineNumber;
                        yield return lines;
                    }
                }
                while (await wake.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false));
            }
            finally
            {
                lock (_lock) _wakes.Remove(wake);
            }
        }
    }

    private sealed class Logger(Func<IEnumerable<ResourceLog>> logs, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception) + (exception is null ? "" : $"{Environment.NewLine}{exception}");
            var now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            foreach (var log in logs()) log.Append($"{now} {text}", logLevel >= LogLevel.Error);
        }
    }
}
