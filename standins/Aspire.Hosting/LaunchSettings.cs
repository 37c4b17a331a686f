using System.Text.Json.Serialization;

namespace Aspire.Hosting;

/// <summary>The file <c>Properties/launchSettings.json</c> of a project.</summary>
public sealed class LaunchSettings
{
    /// <summary>The profiles by name.</summary>
    [JsonPropertyName("profiles")]
    public Dictionary<string, LaunchProfile> Profiles { get; set; } = [];
}
