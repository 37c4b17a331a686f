namespace BallServer.Web.Access;

/// <summary>What holds for every request: the host is one of ours, and the browser is told to be strict.</summary>
internal static class AccessMiddleware
{
    // Everything from here, and nothing inline.
    private const string Policy =
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "media-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types ball-worker; ";

    /// <param name="elsewhere">Where else than here the page may connect to, seen from a host.</param>
    public static void UseAccess(this IApplicationBuilder app, HostPolicy hosts, Func<HostString, string?> elsewhere)
    {
        app.Use((context, next) =>
        {
            var isKnown = hosts.Knows(context.Request.Host);
            Harden(context.Response.Headers, isKnown ? elsewhere(context.Request.Host) : null);
            if (isKnown || IsHealth(context.Request.Path))
                return next(context);
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return context.Response.WriteAsync(
                $"This server does not answer to '{context.Request.Host.Host}'. Start it with --hosts, if that is its name.\n");
        });
    }

    private static void Harden(IHeaderDictionary headers, string? elsewhere)
    {
        headers.ContentSecurityPolicy = $"{Policy}connect-src 'self' {elsewhere}".TrimEnd();
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        // Isolated from other pages, so that the browser's clock is precise enough to measure with.
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Embedder-Policy"] = "require-corp";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
    }

    private static bool IsHealth(PathString path) => path == "/health" || path == "/alive";
}
