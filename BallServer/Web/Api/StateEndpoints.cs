using BallServer.Web.Access;
using BallServer.Web.Sessions;

namespace BallServer.Web.Api;

/// <summary>How the server is doing: /api/state once, with everything; /api/events as a live feed of what changes.</summary>
internal static class StateEndpoints
{
    private const int MostFeeds = 64;
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(500);

    public static void MapState(
        this IEndpointRouteBuilder app, StateSource source, ControlPolicy control, WebSessions sessions,
        Func<HttpRequest, WebTransportOffer> offer)
    {
        app.MapGet("/api/state", (HttpContext context) =>
        {
            var access = new AccessState(control.Allows(context), control.TakesToken, offer(context.Request));
            return Results.Bytes(StateJson.State(source.LookClosely() with { Access = access }), "application/json");
        }).RequireRateLimiting(Rates.Api);

        var feeds = 0;
        app.MapGet("/api/events", async (HttpContext context) =>
        {
            if (Interlocked.Increment(ref feeds) > MostFeeds)
            {
                Interlocked.Decrement(ref feeds);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, sessions.Stopping);
            try
            {
                await FeedAsync(context.Response, source, stop.Token);
            }
            catch (OperationCanceledException)
            {
                // The page, or the server, is gone.
            }
            finally
            {
                Interlocked.Decrement(ref feeds);
            }
        }).RequireRateLimiting(Rates.Api);
    }

    private static async Task FeedAsync(HttpResponse response, StateSource source, CancellationToken cancel)
    {
        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        using var timer = new PeriodicTimer(s_every);
        do
        {
            await response.Body.WriteAsync("data: "u8.ToArray(), cancel);
            await response.Body.WriteAsync(StateJson.State(source.Look()), cancel);
            await response.Body.WriteAsync("\n\n"u8.ToArray(), cancel);
            await response.Body.FlushAsync(cancel);
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }
}
