using System.Net;

namespace BallAspire.ServiceDefaults.Tests;

public sealed class RetryHandlerTests
{
    [Fact]
    public async Task A_request_that_failed_in_passing_is_sent_again()
    {
        var server = new Server(HttpStatusCode.ServiceUnavailable, HttpStatusCode.BadGateway, HttpStatusCode.OK);

        var answer = await Send(server, HttpMethod.Get);

        Assert.Equal((HttpStatusCode.OK, 3), (answer.StatusCode, server.Asked));
    }

    [Fact]
    public async Task A_connection_that_is_refused_is_tried_again()
    {
        var server = new Server(null, HttpStatusCode.OK);

        var answer = await Send(server, HttpMethod.Get);

        Assert.Equal((HttpStatusCode.OK, 2), (answer.StatusCode, server.Asked));
    }

    [Fact]
    public async Task After_four_tries_the_caller_gets_the_failure()
    {
        var server = new Server([.. Enumerable.Repeat<HttpStatusCode?>(HttpStatusCode.ServiceUnavailable, 9)]);

        var answer = await Send(server, HttpMethod.Get);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 4), (answer.StatusCode, server.Asked));
    }

    [Fact]
    public async Task What_might_be_done_twice_is_sent_once()
    {
        var server = new Server(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);

        var answer = await Send(server, HttpMethod.Post);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (answer.StatusCode, server.Asked));
    }

    [Fact]
    public async Task A_refusal_is_an_answer()
    {
        var server = new Server(HttpStatusCode.NotFound, HttpStatusCode.OK);

        var answer = await Send(server, HttpMethod.Get);

        Assert.Equal((HttpStatusCode.NotFound, 1), (answer.StatusCode, server.Asked));
    }

    private static async Task<HttpResponseMessage> Send(Server server, HttpMethod method)
    {
        using var http = new HttpMessageInvoker(new RetryHandler(new ImpatientTime()) { InnerHandler = server });
        return await http.SendAsync(new HttpRequestMessage(method, "http://server/"), CancellationToken.None);
    }

    /// <summary>Answers as told, one after the other; null is a refused connection.</summary>
    private sealed class Server(params HttpStatusCode?[] answers) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            answers[Asked++] is { } status
                ? Task.FromResult(new HttpResponseMessage(status))
                : throw new HttpRequestException("Connection refused");
    }

    /// <summary>A clock on which short waits are over at once, and long ones (the time-outs) never end.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(
                callback, state, dueTime < TimeSpan.FromSeconds(9) ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
    }
}
