using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Ball.World;
using BallServer.Streaming;

namespace BallServer.Web.Api;

/// <summary>What somebody wants to have changed; what is null stays.</summary>
internal sealed record SettingsChange
{
    /// <summary>The longest text that is read at all.</summary>
    public const int MaxLength = 4096;

    private const string Shape = "Settings are one JSON object.";

    public double? Fps { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public int? Bitrate { get; init; }

    public double? Speed { get; init; }

    public double? Radius { get; init; }

    public BounceMode? Bounce { get; init; }

    public int? Seed { get; init; }

    /// <summary>
    /// Reads a JSON object such as <c>{"fps":60,"bounce":"random"}</c>. False: what is wrong with it, in one line.
    /// </summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> json, [NotNullWhen(true)] out SettingsChange? change, [NotNullWhen(false)] out string? problem)
    {
        change = null;
        problem = Shape;
        // Names that are no text would fail only when they are looked at.
        if (!Utf8.IsValid(json.Span))
            return false;
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return false;
            var read = new SettingsChange();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (read.Take(member, out read) is not { } wrong)
                    continue;
                problem = wrong;
                return false;
            }
            change = read;
            problem = null;
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair in a name is well-formed JSON, and still no text.
            problem = Shape;
            return false;
        }
    }

    public StreamSettings ApplyTo(StreamSettings now) => now with
    {
        Fps = Fps ?? now.Fps,
        Bitrate = Bitrate ?? now.Bitrate,
        World = now.World with
        {
            Width = Width ?? now.World.Width,
            Height = Height ?? now.World.Height,
            Speed = Speed ?? now.World.Speed,
            Radius = Radius ?? now.World.Radius,
            Bounce = Bounce ?? now.World.Bounce,
            Seed = Seed ?? now.World.Seed,
        },
    };

    private string? Take(JsonProperty member, out SettingsChange with)
    {
        with = this;
        var value = member.Value;
        double number = 0;
        switch (member.Name)
        {
            case "fps" when Real(value, SettingsLimits.Fps, out number):
                with = this with { Fps = number };
                return null;
            case "speed" when Real(value, SettingsLimits.Speed, out number):
                with = this with { Speed = number };
                return null;
            case "radius" when Real(value, SettingsLimits.Radius, out number):
                with = this with { Radius = number };
                return null;
            case "width" when Whole(value, SettingsLimits.Width, out number) && number % 2 == 0:
                with = this with { Width = (int)number };
                return null;
            case "height" when Whole(value, SettingsLimits.Height, out number) && number % 2 == 0:
                with = this with { Height = (int)number };
                return null;
            case "bitrate" when Whole(value, SettingsLimits.Bitrate, out number):
                with = this with { Bitrate = (int)number };
                return null;
            case "seed" when Whole(value, new(int.MinValue, int.MaxValue), out number):
                with = this with { Seed = (int)number };
                return null;
            case "bounce" when value.ValueKind == JsonValueKind.String && value.ValueEquals("fixed"):
                with = this with { Bounce = BounceMode.Fixed };
                return null;
            case "bounce" when value.ValueKind == JsonValueKind.String && value.ValueEquals("random"):
                with = this with { Bounce = BounceMode.Random };
                return null;
            default:
                return Refuse(member.Name);
        }
    }

    private static bool Real(JsonElement value, SettingsLimits.Range range, out double number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && range.Has(number);
    }

    private static bool Whole(JsonElement value, SettingsLimits.Range range, out double number) =>
        Real(value, range, out number) && Math.Truncate(number) == number;

    private static string Refuse(string name) => name switch
    {
        "fps" => Says("A frame rate", SettingsLimits.Fps, "frames a second"),
        "width" => Says("A width", SettingsLimits.Width, "pixels, and even"),
        "height" => Says("A height", SettingsLimits.Height, "pixels, and even"),
        "bitrate" => Says("A bitrate", SettingsLimits.Bitrate, "bits a second, and whole"),
        "speed" => Says("A speed", SettingsLimits.Speed, "pixels a second"),
        "radius" => Says("A radius", SettingsLimits.Radius, "pixels"),
        "seed" => "A seed is a whole number.",
        "bounce" => "The ball bounces \"fixed\" or \"random\".",
        _ => "There is fps, width, height, bitrate, speed, radius, bounce and seed to change, and nothing else.",
    };

    private static string Says(string what, SettingsLimits.Range range, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} is {range.Min} to {range.Max} {unit}.");
}
