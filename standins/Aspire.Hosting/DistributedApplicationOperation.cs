namespace Aspire.Hosting;

/// <summary>What is done with the graph.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>It is run here.</summary>
    Run,

    /// <summary>It is written down for a deployment.</summary>
    Publish,
}
