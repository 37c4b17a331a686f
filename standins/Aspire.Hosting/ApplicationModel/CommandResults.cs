namespace Aspire.Hosting.ApplicationModel;

/// <summary>Short forms of <see cref="ExecuteCommandResult"/>.</summary>
public static class CommandResults
{
    /// <summary>It worked.</summary>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>It worked.</summary>
    public static ExecuteCommandResult Success(string message) => new() { Success = true, Message = message };

    /// <summary>It did not.</summary>
    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };

    /// <summary>It did not.</summary>
    public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);

    /// <summary>It was given up.</summary>
    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
}
