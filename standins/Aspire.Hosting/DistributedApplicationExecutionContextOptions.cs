namespace Aspire.Hosting;

/// <summary>What an execution context is made of.</summary>
public class DistributedApplicationExecutionContextOptions(DistributedApplicationOperation operation)
{
    public DistributedApplicationExecutionContextOptions(DistributedApplicationOperation operation, string publisherName)
        : this(operation) => PublisherName = publisherName;

    /// <summary>What is done.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>How it is published.</summary>
    public string? PublisherName { get; }

    /// <summary>The application's services, once it is built.</summary>
    public IServiceProvider? ServiceProvider { get; set; }
}
