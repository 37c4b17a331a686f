namespace Aspire.Hosting.ApplicationModel;

/// <summary>How long to wait for a resource.</summary>
public enum WaitType
{
    /// <summary>Until it runs and is healthy.</summary>
    WaitUntilHealthy,

    /// <summary>Until it has ended.</summary>
    WaitForCompletion,

    /// <summary>Until it runs.</summary>
    WaitUntilStarted,
}
