using System.Text.Json;
using System.Text.Json.Serialization;

namespace SIPSorcery.Net;

/// <summary>The two flat JSON objects of WebRTC signalling.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class JsonText : JsonSerializerContext
{
    public static string Candidate(string? candidate, string? mid, ushort index, string? fragment) =>
        $"{{\"candidate\":{Quote(candidate)},\"sdpMid\":{Quote(mid)},\"sdpMLineIndex\":{index}," +
        $"\"usernameFragment\":{Quote(fragment)}}}";

    /// <summary>Reads the texts and numbers of one object; false for anything that is no JSON object.</summary>
    public static bool TryReadObject(string? json, out Dictionary<string, string?> values)
    {
        values = [];
        if (string.IsNullOrWhiteSpace(json))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                values[property.Name] = property.Value.ValueKind switch
                {
                    JsonValueKind.String => property.Value.GetString(),
                    JsonValueKind.Number => property.Value.GetRawText(),
                    _ => null,
                };
            }

            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string Quote(string? text) => text is null ? "null" : JsonSerializer.Serialize(text, Default.String);
}
