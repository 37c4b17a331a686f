using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A program of the machine.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Name = {Name}, Command = {Command}")]
public class ExecutableResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints,
    IResourceWithWaitSupport, IResourceWithProbes, IComputeResource
{
    public ExecutableResource(string name, string command, string workingDirectory) : base(name)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        ArgumentNullException.ThrowIfNull(workingDirectory);
        Annotations.Add(new ExecutableAnnotation { Command = command, WorkingDirectory = workingDirectory });
    }

    /// <summary>The program.</summary>
    public string Command => Annotations.OfType<ExecutableAnnotation>().Last().Command;

    /// <summary>Where it runs.</summary>
    public string WorkingDirectory => Annotations.OfType<ExecutableAnnotation>().Last().WorkingDirectory;
}
