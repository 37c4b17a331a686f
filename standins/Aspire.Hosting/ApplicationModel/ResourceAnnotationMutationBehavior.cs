namespace Aspire.Hosting.ApplicationModel;

/// <summary>What to do with annotations of the same type that are there already.</summary>
public enum ResourceAnnotationMutationBehavior
{
    /// <summary>Keep them.</summary>
    Append,

    /// <summary>Replace them.</summary>
    Replace,
}
