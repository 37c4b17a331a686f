using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>One process of a resource, as the engine knows it.</summary>
internal sealed class ResourceInstance(IResource resource, string name, string suffix, int index, int count)
{
    public IResource Resource { get; } = resource;

    /// <summary>The engine's name: the resource's with a random suffix.</summary>
    public string Name { get; } = name;

    /// <summary>The suffix; telemetry carries it too.</summary>
    public string Suffix { get; } = suffix;

    public int Index { get; } = index;

    public int Count { get; } = count;

    /// <summary>Only one start or stop at a time.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Set while the start waits for others; setting its result starts at once.</summary>
    public TaskCompletionSource? Waiting { get; set; }

    /// <summary>The engine's object whose logs are being read; a new start makes a new one.</summary>
    public string? LoggedUid { get; set; }

    /// <summary>The engine's object before the latest start; what is still heard of it is old news.</summary>
    public string? RetiredUid { get; set; }

    /// <summary>The names of the variables that were set by us.</summary>
    public IReadOnlySet<string> OwnVariables { get; set; } = new HashSet<string>();

    /// <summary>The arguments of the program itself, without those that launch it.</summary>
    public IReadOnlyList<string> OwnArguments { get; set; } = [];

    public static IReadOnlyList<ResourceInstance> Of(IResource resource)
    {
        var count = resource.GetReplicaCount();
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var suffix = new string(System.Security.Cryptography.RandomNumberGenerator.GetItems<char>(
                "abcdefghijklmnopqrstuvwxyz", 8));
            return new ResourceInstance(resource, $"{resource.Name}-{suffix}", suffix, index, count);
        })];
    }
}
