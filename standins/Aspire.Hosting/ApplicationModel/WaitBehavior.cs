namespace Aspire.Hosting.ApplicationModel;

/// <summary>What to do when the resource that is waited for has gone.</summary>
public enum WaitBehavior
{
    /// <summary>Keep waiting: somebody may start it again.</summary>
    WaitOnResourceUnavailable,

    /// <summary>Give up.</summary>
    StopOnResourceUnavailable,
}
