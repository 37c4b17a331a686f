using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The start of a resource waits for another one.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Resource = {Resource.Name}")]
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>What is waited for.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Until when.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>What to do when the other one has gone; null takes the application's default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }

    /// <summary>The exit code that counts as completion.</summary>
    public int ExitCode { get; } = exitCode;
}
