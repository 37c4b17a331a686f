namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states that the Dashboard knows.</summary>
public static class KnownResourceStates
{
    /// <summary>It is being started.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>It runs.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>It could not be started.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>What it runs on is broken.</summary>
    public static readonly string RuntimeUnhealthy = nameof(RuntimeUnhealthy);

    /// <summary>It is being stopped.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>It has ended (containers).</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>It has ended.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>It waits for others.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Nobody has started it yet.</summary>
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>It is being built.</summary>
    public static readonly string Building = nameof(Building);

    /// <summary>It has no process; it is just there.</summary>
    public static readonly string Active = nameof(Active);

    /// <summary>A parameter without a value.</summary>
    public static readonly string ValueMissing = "Value missing";

    /// <summary>The states that a resource does not leave by itself.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}
