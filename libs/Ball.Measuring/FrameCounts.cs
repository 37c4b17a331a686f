using System.Text.Json.Serialization;

namespace Ball.Measuring;

/// <summary>How many frames passed which stage; a process leaves out the stages it does not have.</summary>
public sealed record FrameCounts
{
    [JsonPropertyName("rendered")]
    public long? Rendered { get; init; }

    [JsonPropertyName("encoded")]
    public long? Encoded { get; init; }

    [JsonPropertyName("sent")]
    public long? Sent { get; init; }

    [JsonPropertyName("received")]
    public long? Received { get; init; }

    [JsonPropertyName("decoded")]
    public long? Decoded { get; init; }

    [JsonPropertyName("detected")]
    public long? Detected { get; init; }
}
