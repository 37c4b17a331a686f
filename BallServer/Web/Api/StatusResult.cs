namespace BallServer.Web.Api;

/// <summary>A result with another status.</summary>
internal static class StatusResult
{
    public static IResult With(this IResult result, int status) => new Changed(result, status);

    private sealed class Changed(IResult inner, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.StatusCode = status;
            return inner.ExecuteAsync(context);
        }
    }
}
