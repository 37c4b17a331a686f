namespace BallServer.Web.Api;

/// <summary>How far the page may turn each knob: narrower than what the server can do, so that no knob stops the show.</summary>
internal static class SettingsLimits
{
    public static readonly Range Fps = new(1, 120);
    public static readonly Range Width = new(160, 1920);
    public static readonly Range Height = new(120, 1080);
    public static readonly Range Bitrate = new(100_000, 20_000_000);
    public static readonly Range Speed = new(0, 3000);
    public static readonly Range Radius = new(4, 100);

    internal readonly record struct Range(double Min, double Max)
    {
        public bool Has(double value) => value >= Min && value <= Max;
    }
}
