using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Ball.Link.Signaling;
using BallServer.Web.Access;
using Microsoft.Net.Http.Headers;

namespace BallServer.Web.Sessions;

/// <summary>
/// WHEP, so that any player can watch: POST an SDP offer to /whep, get the answer and a Location; DELETE that to end it; PATCH it
/// with further candidates. As in RFC 9725, whose rules for sessions WHEP shares;
/// ICE restarts are the optional part that is missing.
/// </summary>
internal sealed class WhepEndpoints(WebSessions sessions, OriginPolicy origins)
{
    private const string Sdp = "application/sdp";
    private const string Fragment = "application/trickle-ice-sdpfrag";
    private static readonly TimeSpan s_answerTime = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, WhepSignaling> _running = new();

    public void Map(IEndpointRouteBuilder app)
    {
        var whep = app.MapGroup("/whep").AddEndpointFilter(CheckOriginAsync).RequireRateLimiting(Rates.Sessions);
        whep.MapPost("", (Delegate)OfferAsync);
        whep.MapMethods("/{id}", [HttpMethods.Patch], (Delegate)PatchAsync);
        whep.MapDelete("/{id}", End);
        whep.MapMethods("", [HttpMethods.Options], (HttpResponse response) => Takes(response, "Accept-Post", Sdp));
        whep.MapMethods("/{id}", [HttpMethods.Options], (HttpResponse response) => Takes(response, "Accept-Patch", Fragment));
    }

    private static IResult Takes(HttpResponse response, string header, string type)
    {
        response.Headers[header] = type;
        return Results.NoContent();
    }

    private async ValueTask<object?> CheckOriginAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var (request, headers) = (invocation.HttpContext.Request, invocation.HttpContext.Response.Headers);
        if (!origins.Allows(request))
        {
            return Results.Text(
                "Pages of this origin may not watch; see --origins.\n", statusCode: StatusCodes.Status403Forbidden);
        }
        if (origins.Foreign(request) is { } foreign)
        {
            headers.AccessControlAllowOrigin = foreign;
            headers.AccessControlAllowMethods = "POST, PATCH, DELETE";
            headers.AccessControlAllowHeaders = "content-type, authorization, if-match";
            headers.AccessControlExposeHeaders = "location, etag, accept-post, accept-patch";
            headers["Cross-Origin-Resource-Policy"] = "cross-origin";
            headers.Vary = "origin";
        }
        return await next(invocation);
    }

    private async Task<IResult> OfferAsync(HttpContext context)
    {
        if (!IsOf(context.Request, Sdp))
            return Results.Text($"An offer is {Sdp}.\n", statusCode: StatusCodes.Status415UnsupportedMediaType);
        if (await BodyAsync(context) is not { } offer)
            return Results.Text("The offer is too long.\n", statusCode: StatusCodes.Status413PayloadTooLarge);

        var signaling = new WhepSignaling(offer);
        if (sessions.TryServe("player", signaling, context.Connection.RemoteIpAddress, out var refusal) is not { } served)
        {
            context.Response.Headers.RetryAfter = "5";
            return Results.Text(refusal.Why + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _running[id] = signaling;
        _ = served.ContinueWith(_ => _running.TryRemove(id, out WhepSignaling? _), TaskScheduler.Default);
        try
        {
            var answer = await signaling.Answer.WaitAsync(s_answerTime, context.RequestAborted);
            context.Response.Headers.Location = $"/whep/{id}";
            context.Response.Headers.ETag = signaling.Tag;
            return Results.Text(answer, Sdp, statusCode: StatusCodes.Status201Created);
        }
        catch (Exception e) when (e is SignalingException or TimeoutException or OperationCanceledException)
        {
            signaling.Take(ByeMessage.Instance);
            return Results.Text(e.Message + "\n", statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private async Task<IResult> PatchAsync(string id, HttpContext context)
    {
        if (!_running.TryGetValue(id, out var session))
            return Results.NotFound();
        if (!IsOf(context.Request, Fragment))
            return Results.Text($"Candidates are {Fragment}.\n", statusCode: StatusCodes.Status415UnsupportedMediaType);
        // Players from before there were tags send none.
        var match = context.Request.Headers.IfMatch.ToString();
        if (match == "*")
            return Results.Text("ICE is not restarted here; offer anew.\n", statusCode: StatusCodes.Status422UnprocessableEntity);
        if (match.Length > 0 && match != session.Tag)
            return Results.StatusCode(StatusCodes.Status412PreconditionFailed);
        if (await BodyAsync(context) is not { } fragment)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        string? mid = null;
        foreach (var line in fragment.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("a=mid:", StringComparison.Ordinal))
                mid = line["a=mid:".Length..];
            else if (line.StartsWith("a=candidate:", StringComparison.Ordinal)
                && !session.Take(new CandidateMessage(line["a=".Length..], mid, 0)))
                return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        }
        return Results.NoContent();
    }

    private IResult End(string id)
    {
        if (!_running.TryRemove(id, out var session))
            return Results.NotFound();
        session.Take(ByeMessage.Instance);
        return Results.Ok();
    }

    private static bool IsOf(HttpRequest request, string type) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var given)
        && given.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>The body as text; null where it is longer than an offer may be.</summary>
    private static async Task<string?> BodyAsync(HttpContext context)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SignalingFormat.MaxLine + 1);
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(
                buffer.AsMemory(0, SignalingFormat.MaxLine + 1), SignalingFormat.MaxLine + 1, throwOnEndOfStream: false,
                context.RequestAborted);
            return length > SignalingFormat.MaxLine ? null : Encoding.UTF8.GetString(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
