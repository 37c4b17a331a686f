using Microsoft.Playwright;

namespace Ball.WebTransport.Tests;

/// <summary>A real Chromium for all tests of the collection, with a page in a secure context that needs no server.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";
    private readonly PageServer _pages = new($"<!doctype html><title>ball</title><script>{Library}</script>");
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Functions that the tests' scripts use.</summary>
    private const string Library = """
        window.connect = async (url, hashes) => {
          const transport = new WebTransport(url, {
            serverCertificateHashes: hashes.map(hash => ({
              algorithm: 'sha-256', value: Uint8Array.from(atob(hash), c => c.charCodeAt(0)) }))
          });
          await transport.ready;
          return transport;
        };
        window.readAll = async readable => {
          const chunks = [];
          let length = 0;
          const reader = readable.getReader();
          for (;;) {
            const { value, done } = await reader.read();
            if (done) break;
            chunks.push(value);
            length += value.length;
          }
          const all = new Uint8Array(length);
          let offset = 0;
          for (const chunk of chunks) { all.set(chunk, offset); offset += chunk.length; }
          return all;
        };
        window.echo = async (transport, bytes) => {
          const stream = await transport.createBidirectionalStream();
          const writer = stream.writable.getWriter();
          const writing = writer.write(bytes).then(() => writer.close());
          const echoed = await readAll(stream.readable);
          await writing;
          return echoed;
        };
        """;

    public async Task InitializeAsync()
    {
        Assert.True(File.Exists(Executable), $"{Executable} is missing: apt-get install chromium");
        _playwright = await Playwright.CreateAsync();
        _browser = await LaunchAsync();
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        await _pages.DisposeAsync();
    }

    /// <summary>One more browser, for tests that end it.</summary>
    public Task<IBrowser> LaunchAsync() => _playwright!.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Executable,
        Args = ["--no-sandbox"]
    });

    /// <summary>One more, as a process that a test can kill.</summary>
    internal Task<BrowserProcess> StartProcessAsync() => BrowserProcess.StartAsync(_playwright!, Executable);

    public Task<IPage> OpenPageAsync() => OpenPageAsync(_browser!);

    public async Task<IPage> OpenPageAsync(IBrowser other)
    {
        var page = await other.NewPageAsync();
        await page.GotoAsync(_pages.Url);
        return page;
    }

    /// <summary>The renderer dies on the spot: no farewell of any kind.</summary>
    public static async Task KillTabAsync(IPage page)
    {
        var crashed = new TaskCompletionSource();
        page.Crash += (_, _) => crashed.TrySetResult();
        _ = page.GotoAsync("chrome://crash").ContinueWith(going => _ = going.Exception, TaskScheduler.Default);
        await crashed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
