using BallServer.Streaming;
using BallServer.Web.Access;

namespace BallServer.Web.Api;

/// <summary>Changes the stream: PUT or POST a JSON object with what shall be different.</summary>
internal static partial class SettingsEndpoint
{
    public static void MapSettings(this IEndpointRouteBuilder app, BallStream stream, ControlPolicy control, ILogger log) =>
        app.MapMethods("/api/settings", [HttpMethods.Put, HttpMethods.Post], async (HttpContext context) =>
        {
            if (!control.Allows(context))
            {
                return Refuse(StatusCodes.Status403Forbidden, control.TakesToken
                    ? "Only this machine, and who has the token, may change the stream."
                    : "Only this machine may change the stream; start the server with --token to let others.");
            }
            // Never a form: those can be sent across origins without asking.
            if (!context.Request.HasJsonContentType())
                return Refuse(StatusCodes.Status415UnsupportedMediaType, "Settings are application/json.");

            var buffer = new byte[SettingsChange.MaxLength + 1];
            var length = await context.Request.Body.ReadAtLeastAsync(
                buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted);
            if (length == buffer.Length)
                return Refuse(StatusCodes.Status413PayloadTooLarge, "Settings are shorter than that.");
            if (!SettingsChange.TryRead(buffer.AsMemory(0, length), out var change, out var problem))
                return Refuse(StatusCodes.Status400BadRequest, problem);
            try
            {
                stream.Change(change.ApplyTo(stream.Settings));
            }
            catch (ArgumentException e)
            {
                return Refuse(StatusCodes.Status400BadRequest, e.Message);
            }
            var (world, settings) = (stream.Settings.World, stream.Settings);
            LogChanged(log, world.Width, world.Height, settings.Fps, settings.Bitrate);
            return Results.Bytes(StateJson.Settings(settings), "application/json");
        }).RequireRateLimiting(Rates.Api);

    private static IResult Refuse(int status, string why) =>
        Results.Bytes(StateJson.Problem(why), "application/json").With(status);

    [LoggerMessage(LogLevel.Information, "The stream is now {Width}x{Height} at {Fps} fps and {Bitrate} bit/s")]
    private static partial void LogChanged(ILogger log, int width, int height, double fps, int bitrate);
}
