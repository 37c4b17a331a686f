using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>How many copies of a project run.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Replicas = {Replicas}")]
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>The number.</summary>
    public int Replicas { get; } = replicas;
}
