using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Ball.WebTransport.Tests;

/// <summary>What a page can do, in a real browser.</summary>
public sealed class ChromiumTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_page_opens_a_session_and_gets_its_bytes_back()
    {
        await using var server = await EchoServer.StartAsync();
        string text = await RunAsync<string>(server, """
            const echoed = await echo(transport, new TextEncoder().encode('where is the ball?'));
            return new TextDecoder().decode(echoed);
            """);
        Assert.Equal("where is the ball?", text);
    }

    [Fact]
    public async Task Sixteen_megabytes_come_back_unchanged()
    {
        await using var server = await EchoServer.StartAsync();
        bool same = await RunAsync<bool>(server, """
            const bytes = new Uint8Array(16 << 20);
            for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 31 + (i >> 12)) & 255;
            const echoed = await echo(transport, bytes);
            return echoed.length === bytes.length && echoed.every((value, i) => value === bytes[i]);
            """);
        Assert.True(same);
    }

    [Fact]
    public async Task Five_hundred_streams_run_at_once()
    {
        await using var server = await EchoServer.StartAsync();
        int right = await RunAsync<int>(server, """
            const all = Array.from({ length: 500 }, async (_, i) => {
              const echoed = await echo(transport, new Uint8Array(1000).fill(i & 255));
              return echoed.length === 1000 && echoed.every(value => value === (i & 255));
            });
            return (await Promise.all(all)).filter(ok => ok).length;
            """);
        Assert.Equal(500, right);
    }

    [Fact]
    public async Task More_streams_than_the_limit_fit_one_after_the_other()
    {
        await using var server = await EchoServer.StartAsync(
            new WebTransportServerOptions { Quic = EchoServer.Quic, MaxStreams = 20 });
        int right = await RunAsync<int>(server, """
            let right = 0;
            for (let i = 0; i < 200; i++) right += (await echo(transport, new Uint8Array(10))).length === 10;
            return right;
            """);
        Assert.Equal(200, right);
    }

    [Fact]
    public async Task Datagrams_go_both_ways()
    {
        await using var server = await EchoServer.StartAsync();
        string seen = await RunAsync<string>(server, """
            if (transport.datagrams.maxDatagramSize === 0) return 'none';
            const writer = transport.datagrams.writable.getWriter();
            const reader = transport.datagrams.readable.getReader();
            const send = () => writer.write(new TextEncoder().encode('x=12'));
            await send();
            // One that is lost is lost.
            const again = setInterval(send, 500);
            const { value } = await reader.read();
            clearInterval(again);
            return `${new TextDecoder().decode(value)} ${transport.datagrams.maxDatagramSize > 1000}`;
            """);

        // System.Net.Quic has none, and the page sees that.
        Assert.Equal(server.Server.QuicName == "MsQuic" ? "none" : "x=12 true", seen);
    }

    [Fact]
    public async Task A_page_sends_on_one_stream_and_receives_on_another()
    {
        await using var server = await EchoServer.StartAsync();
        string text = await RunAsync<string>(server, """
            const stream = await transport.createUnidirectionalStream();
            const writer = stream.getWriter();
            await writer.write(new TextEncoder().encode('one way'));
            await writer.close();
            const { value: back } = await transport.incomingUnidirectionalStreams.getReader().read();
            return new TextDecoder().decode(await readAll(back));
            """);
        Assert.Equal("one way", text);
    }

    [Fact]
    public async Task The_server_opens_a_stream_to_the_page()
    {
        var answer = new TaskCompletionSource<string>();
        await using var server = await EchoServer.StartAsync(serve: async session =>
        {
            await using var stream = await session.OpenBidirectionalStreamAsync();
            await stream.WriteAsync("error=0.3"u8.ToArray());
            stream.CompleteWrites();
            using var reader = new StreamReader(stream);
            answer.TrySetResult(await reader.ReadToEndAsync());
            await session.Closed;
        });
        string heard = await RunAsync<string>(server, """
            const { value: stream } = await transport.incomingBidirectionalStreams.getReader().read();
            const text = new TextDecoder().decode(await readAll(stream.readable));
            const writer = stream.writable.getWriter();
            await writer.write(new TextEncoder().encode('heard ' + text));
            await writer.close();
            return text;
            """);
        Assert.Equal("error=0.3", heard);
        Assert.Equal("heard error=0.3", await answer.Task.WaitAsync(s_patience));
    }

    [Fact]
    public async Task The_server_sees_with_which_code_and_reason_a_page_closes()
    {
        var closed = new TaskCompletionSource<CloseReason>();
        await using var server = await EchoServer.StartAsync(serve: async session => closed.TrySetResult(await session.Closed));
        await RunAsync<bool>(server, "transport.close({ closeCode: 42, reason: 'enough' }); return true;");
        Assert.Equal(new CloseReason(42, "enough", true), await closed.Task.WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_page_sees_with_which_code_and_reason_the_server_closes()
    {
        await using var server = await EchoServer.StartAsync(serve: session => session.CloseAsync(7, "bye").AsTask());
        string seen = await RunAsync<string>(server, """
            const { closeCode, reason } = await transport.closed;
            return `${closeCode} ${reason}`;
            """);
        Assert.Equal("7 bye", seen);
    }

    [Fact]
    public async Task Stream_codes_arrive_on_both_sides()
    {
        var code = new TaskCompletionSource<uint?>();
        await using var server = await EchoServer.StartAsync(serve: async session =>
        {
            var stream = (await session.AcceptStreamAsync())!;
            await stream.WriteAsync(new byte[1]);
            try
            {
                await stream.CopyToAsync(Stream.Null);
            }
            catch (WebTransportException exception)
            {
                code.TrySetResult(exception.Code);
            }

            stream.AbortWrite(31);
            await session.Closed;
        });
        uint seen = await RunAsync<uint>(server, """
            const stream = await transport.createBidirectionalStream();
            const writer = stream.writable.getWriter();
            await writer.write(new Uint8Array(10));
            const reader = stream.readable.getReader();
            await reader.read();
            reader.releaseLock();
            writer.abort(new WebTransportError({ message: 'no more', streamErrorCode: 77 })).catch(() => {});
            try { await readAll(stream.readable); } catch (error) { return error.streamErrorCode; }
            return 0;
            """);
        Assert.Equal(31u, seen);
        Assert.Equal(77u, await code.Task.WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_refused()
    {
        string? origin = null;
        await using var server = await EchoServer.StartAsync(new WebTransportServerOptions
        {
            Quic = EchoServer.Quic,
            Admit = request =>
            {
                origin = request.Origin;
                return request.Path == "/ball" ? 200 : 404;
            }
        });
        var page = await browser.OpenPageAsync();
        bool refused = await page.EvaluateInTimeAsync<bool>(
            "([url, hashes]) => connect(url, hashes).then(() => false, () => true)", server.PageArguments("/elsewhere"));
        Assert.True(refused);
        Assert.StartsWith("http://localhost:", origin);
    }

    [Fact]
    public async Task Two_tabs_have_sessions_of_their_own()
    {
        await using var server = await EchoServer.StartAsync();
        var one = await ConnectAsync(server);
        var other = await ConnectAsync(server);
        Assert.Equal(2, server.Server.SessionCount);
        await one.CloseAsync();
        Assert.Equal(5, await EchoAsync(other, 5));
        await WaitAsync(() => server.Server.SessionCount == 1);
        await other.CloseAsync();
    }

    [Fact]
    public async Task A_reload_ends_the_old_session_and_a_new_one_begins()
    {
        var closed = new TaskCompletionSource<CloseReason>();
        await using var server = await EchoServer.StartAsync(serve: async session =>
        {
            await EchoServer.EchoAsync(session);
            closed.TrySetResult(await session.Closed);
        });
        var page = await ConnectAsync(server);
        await page.ReloadAsync();
        await closed.Task.WaitAsync(s_patience);
        await ConnectAsync(server, page);
        Assert.Equal(5, await EchoAsync(page, 5));
        await page.CloseAsync();
    }

    [Fact]
    public async Task Two_hundred_sessions_are_open_at_once()
    {
        await using var server = await EchoServer.StartAsync();
        var page = await browser.OpenPageAsync();
        await page.EvaluateInTimeAsync(
            """
            async ([url, hashes]) => {
              window.all = [];
              while (all.length < 200) all.push(...await Promise.all(Array.from({ length: 20 }, () => connect(url, hashes))));
            }
            """, server.PageArguments());
        Assert.Equal(200, server.Server.SessionCount);
        int right = await page.EvaluateInTimeAsync<int>("""
            async () => {
              const lengths = await Promise.all(
                all.map(async (transport, i) => (await echo(transport, new Uint8Array(5000 + i))).length));
              return lengths.filter((length, i) => length === 5000 + i).length;
            }
            """);
        Assert.Equal(200, right);
        await page.CloseAsync();
        await WaitAsync(() => server.Server.SessionCount == 0);
    }

    [Fact]
    public async Task Keys_are_renewed_under_a_session()
    {
        var log = new KeptLog();
        var server = await EchoServer.StartAsync(
            new WebTransportServerOptions { Quic = QuicChoice.BuiltIn, PacketsPerKey = 30 }, log: log);
        bool same = await RunAsync<bool>(server, """
            let right = 0;
            for (let i = 0; i < 200; i++) right += (await echo(transport, new Uint8Array(3000))).length === 3000;
            return right === 200;
            """);
        await server.DisposeAsync();
        Assert.True(same);
        string end = Assert.Single(log.Saying("key updates"));
        Assert.InRange(int.Parse(Regex.Match(end, @"(\d+) key updates").Groups[1].Value, CultureInfo.InvariantCulture), 5, 200);
    }

    [Fact]
    public async Task A_browser_that_is_killed_is_noticed()
    {
        var closed = new TaskCompletionSource<CloseReason>();
        await using var server = await EchoServer.StartAsync(
            new WebTransportServerOptions
            {
                Quic = EchoServer.Quic, IdleTimeout = TimeSpan.FromSeconds(3), KeepAlive = TimeSpan.FromSeconds(1)
            },
            async session => closed.TrySetResult(await session.Closed));
        await using var other = await browser.StartProcessAsync();
        await ConnectAsync(server, await browser.OpenPageAsync(other.Browser));
        other.Kill();
        Assert.False((await closed.Task.WaitAsync(s_patience)).IsClean);
        await WaitAsync(() => server.Server.SessionCount == 0);
    }

    [Fact]
    public async Task A_killed_tab_is_noticed()
    {
        var closed = new TaskCompletionSource<CloseReason>();
        await using var server = await EchoServer.StartAsync(
            new WebTransportServerOptions
            {
                Quic = EchoServer.Quic, IdleTimeout = TimeSpan.FromSeconds(3), KeepAlive = TimeSpan.FromSeconds(1),
            },
            async session => closed.TrySetResult(await session.Closed));
        var other = await browser.LaunchAsync();
        var page = await browser.OpenPageAsync(other);
        await ConnectAsync(server, page);
        await Browser.KillTabAsync(page);
        var reason = await closed.Task.WaitAsync(s_patience);
        await WaitAsync(() => server.Server.SessionCount == 0);
        Assert.Equal(0u, reason.Code);
        await other.CloseAsync();
    }

    [Fact]
    public async Task A_server_that_stops_says_so()
    {
        var server = await EchoServer.StartAsync();
        var page = await ConnectAsync(server);
        var told = page.EvaluateInTimeAsync<string>("async () => (await window.transport.closed).reason");
        await server.DisposeAsync();
        Assert.Equal("the server stops", await told);
        await page.CloseAsync();
    }

    private async Task<T> RunAsync<T>(EchoServer server, string script)
    {
        var page = await browser.OpenPageAsync();
        var result = await page.EvaluateInTimeAsync<T>(
            $"async ([url, hashes]) => {{ const transport = await connect(url, hashes); {script} }}", server.PageArguments());
        await page.CloseAsync();
        return result;
    }

    private async Task<IPage> ConnectAsync(EchoServer server, IPage? page = null)
    {
        page ??= await browser.OpenPageAsync();
        await page.EvaluateInTimeAsync(
            "async ([url, hashes]) => { window.transport = await connect(url, hashes); }", server.PageArguments());
        return page;
    }

    private static Task<int> EchoAsync(IPage page, int length) => page.EvaluateInTimeAsync<int>(
        "async length => (await echo(window.transport, new Uint8Array(length))).length", length);

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!condition())
            await Task.Delay(20, patience.Token);
    }
}
