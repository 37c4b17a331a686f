using System.Text.Json;
using Microsoft.Playwright;

namespace Ball.WebTransport.Tests;

/// <summary>Scripts that have to end: Playwright itself waits for them for ever.</summary>
internal static class Scripts
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(100);

    public static Task<T> EvaluateInTimeAsync<T>(this IPage page, string script, object? argument = null) =>
        page.EvaluateAsync<T>(script, argument).WaitAsync(s_limit);

    public static Task<JsonElement?> EvaluateInTimeAsync(this IPage page, string script, object? argument = null) =>
        page.EvaluateAsync(script, argument).WaitAsync(s_limit);
}
