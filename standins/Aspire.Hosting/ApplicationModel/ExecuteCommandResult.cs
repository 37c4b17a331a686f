namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command went.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it worked.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether it was given up.</summary>
    public bool Canceled { get; init; }

    /// <summary>What there is to say.</summary>
    public string? Message { get; init; }

    /// <summary>What went wrong.</summary>
    [Obsolete("Use Message instead.")]
    public string? ErrorMessage
    {
        get => Message;
        init => Message = value;
    }
}
