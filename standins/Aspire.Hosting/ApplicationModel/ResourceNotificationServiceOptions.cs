namespace Aspire.Hosting.ApplicationModel;

/// <summary>How resources wait for each other.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>What to do when the resource that is waited for has gone, unless the wait says it itself.</summary>
    public WaitBehavior DefaultWaitBehavior { get; set; }
}
