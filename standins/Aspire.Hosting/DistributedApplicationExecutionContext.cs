namespace Aspire.Hosting;

/// <summary>Whether the application runs or is published.</summary>
public class DistributedApplicationExecutionContext
{
    private readonly DistributedApplicationExecutionContextOptions _options;

    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
        : this(operation, "manifest")
    {
    }

    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation, string publisherName)
        : this(new DistributedApplicationExecutionContextOptions(operation, publisherName))
    {
    }

    public DistributedApplicationExecutionContext(DistributedApplicationExecutionContextOptions options)
    {
        _options = options;
        PublisherName = options.PublisherName ?? "manifest";
    }

    /// <summary>How it is published.</summary>
    public string PublisherName { get; set; }

    /// <summary>What is done.</summary>
    public DistributedApplicationOperation Operation => _options.Operation;

    /// <summary>Whether it is published.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>Whether it is run.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>The application's services.</summary>
    public IServiceProvider ServiceProvider => _options.ServiceProvider ?? throw new InvalidOperationException(
        "IServiceProvider is not available because the container has not been built yet.");
}
