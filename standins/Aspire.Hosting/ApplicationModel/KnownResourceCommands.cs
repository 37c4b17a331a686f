namespace Aspire.Hosting.ApplicationModel;

/// <summary>The commands that every process has.</summary>
public static class KnownResourceCommands
{
    /// <summary>Start it.</summary>
    public static readonly string StartCommand = "start";

    /// <summary>Stop it.</summary>
    public static readonly string StopCommand = "stop";

    /// <summary>Stop it and start it again.</summary>
    public static readonly string RestartCommand = "restart";
}
