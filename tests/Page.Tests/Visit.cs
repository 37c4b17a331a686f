using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Page.Tests;

/// <summary>Somebody who looks at the page, and reads what stands there.</summary>
internal sealed class Visit : IAsyncDisposable
{
    public const float Patience = 30_000;

    private readonly ConcurrentQueue<string> _complaints = new();

    private Visit(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            // A server that is away makes the browser complain, and rightly.
            if (message.Type == "error" && !message.Text.Contains("net::ERR_") && !message.Text.Contains("WebSocket connection"))
                _complaints.Enqueue(message.Text);
        };
        page.SetDefaultTimeout(Patience);
    }

    public IPage Page { get; }

    /// <summary>What went wrong in the page: scripts that failed, and what its security policy stopped.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public static async Task<Visit> OpenAsync(IBrowserContext context, string address, string? before)
    {
        if (before is not null)
            await context.AddInitScriptAsync(before);
        var visit = new Visit(await context.NewPageAsync());
        await visit.Page.GotoAsync(address);
        return visit;
    }

    public async Task<string> TextAsync(string id) => await Page.Locator($"#{id}").TextContentAsync() ?? "";

    public Task PlaysAsync() => Assertions.Expect(Page.Locator("#phase")).ToHaveTextAsync("Live", new() { Timeout = Patience });

    /// <summary>Waits until a number stands there that suits.</summary>
    public Task ShowsAsync(string id, string condition) => Page.WaitForFunctionAsync(
        $$"""
        () => {
          const text = document.getElementById("{{id}}").textContent;
          const value = Number.parseFloat(text);
          return {{condition}};
        }
        """,
        null, new() { PollingInterval = 50 });

    /// <summary>Moves a slider as a hand does.</summary>
    public Task SlideAsync(string id, double value) => Page.Locator($"#{id}").EvaluateAsync(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }", value);

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
