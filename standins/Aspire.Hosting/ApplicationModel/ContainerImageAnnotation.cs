namespace Aspire.Hosting.ApplicationModel;

/// <summary>The image of a container.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>The registry.</summary>
    public string? Registry { get; set; }

    /// <summary>The image, without registry and tag.</summary>
    public required string Image { get; set; }

    /// <summary>The tag.</summary>
    public string? Tag { get; set; }

    /// <summary>The digest; used in place of the tag.</summary>
    public string? SHA256 { get; set; }
}
