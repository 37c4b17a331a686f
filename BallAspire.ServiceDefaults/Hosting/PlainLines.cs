using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace BallAspire.ServiceDefaults;

/// <summary>Log lines for people: who speaks, and what; a warning says that it is one.</summary>
internal sealed class PlainLines() : ConsoleFormatter(Key)
{
    public const string Key = "plain-lines";

    /// <summary>
    /// The host's own word for a start that failed: a page of stack where the program says in one line what is wrong.
    /// </summary>
    private const string StartFailed = "HostedServiceStartupFaulted";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter to)
    {
        if (entry.EventId.Name == StartFailed)
            return;
        if (entry.LogLevel >= LogLevel.Warning)
            to.Write($"{entry.LogLevel.ToString().ToLowerInvariant()}: ");
        to.Write(entry.Category.AsSpan(entry.Category.LastIndexOf('.') + 1));
        to.Write(": ");
        to.WriteLine(entry.Formatter(entry.State, entry.Exception).ReplaceLineEndings(" "));
        if (entry.Exception is not null)
            to.WriteLine(entry.Exception);
    }
}
