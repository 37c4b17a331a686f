using BallServer.Web.Access;

namespace BallServer.Web.Sessions;

/// <summary>The page's WebSocket: a session of its own for each.</summary>
internal static class SessionEndpoint
{
    public static void MapSession(this IEndpointRouteBuilder app, WebSessions sessions, OriginPolicy origins) =>
        app.MapGet("/session", async context =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
            {
                context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
                return;
            }
            if (!origins.Allows(context.Request))
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return;
            }
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await sessions.ServePageAsync(new WebSocketLines(socket), context.Connection.RemoteIpAddress);
        }).RequireRateLimiting(Rates.Sessions);
}
