namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application: something that has a name and carries annotations.</summary>
public interface IResource
{
    /// <summary>The name, unique in the application (letter case does not count).</summary>
    string Name { get; }

    /// <summary>What is known about the resource beyond its type.</summary>
    ResourceAnnotationCollection Annotations { get; }
}
