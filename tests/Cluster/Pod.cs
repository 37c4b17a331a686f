using System.Text.Json.Nodes;

namespace Cluster;

/// <summary>A pod at one moment.</summary>
internal sealed record Pod(string Name, string Uid, IReadOnlyList<Container> Containers, bool IsReady, bool IsEnding)
{
    public static Pod Of(JsonNode json)
    {
        var metadata = json["metadata"]!;
        var status = json["status"]!;
        return new Pod(
            (string)metadata["name"]!,
            (string)metadata["uid"]!,
            [.. (status["containerStatuses"]?.AsArray() ?? []).Select(container => Container.Of(container!))],
            (status["conditions"]?.AsArray() ?? []).Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True"),
            metadata["deletionTimestamp"] is not null);
    }

    public int RestartsOf(string container) => Containers.FirstOrDefault(c => c.Name == container)?.Restarts ?? 0;
}

/// <summary>A container of a pod at one moment.</summary>
/// <param name="Waiting">Why it does not run, or null.</param>
internal sealed record Container(string Name, int Restarts, bool IsReady, string? Waiting)
{
    /// <summary>Whether its image is of this repository; the Dashboard's is fetched, and has no shell to end it from.</summary>
    public bool IsOurs => Name is "server" or "client" or "detector";

    /// <summary>Whether waiting longer is in vain: nobody but us has its image.</summary>
    public bool LacksImage =>
        IsOurs && Waiting is "ErrImagePull" or "ImagePullBackOff" or "ErrImageNeverPull" or "InvalidImageName";

    public static Container Of(JsonNode json) => new(
        (string)json["name"]!, (int)json["restartCount"]!, (bool)json["ready"]!, (string?)json["state"]?["waiting"]?["reason"]);
}
