using System.Text;
using System.Threading.Channels;
using Ball.Link.Signaling;
using BallServer.Web.Sessions;

namespace BallServer.Tests.Web;

/// <summary>What goes beside the lines, where a transport has a way for it.</summary>
public class PostedTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_text_that_came_beside_the_lines_is_heard()
    {
        var transport = new Transport();
        await using var signaling = new PageSignaling(transport);
        var heard = new TaskCompletionSource<string>();
        signaling.TextReceived += text => heard.TrySetResult(Encoding.UTF8.GetString(text));
        var receiving = signaling.ReceiveAsync();
        transport.Posted.Writer.TryWrite("""{"x":1,"y":2}"""u8.ToArray());
        Assert.Equal("""{"x":1,"y":2}""", await heard.Task.WaitAsync(s_patience));
        transport.Lines.Writer.Complete();
        Assert.IsType<ByeMessage>(await receiving.AsTask().WaitAsync(s_patience));
    }

    [Fact]
    public async Task Signalling_that_came_so_is_none()
    {
        var transport = new Transport();
        await using var signaling = new PageSignaling(transport);
        var heard = new TaskCompletionSource();
        signaling.TextReceived += _ => heard.TrySetResult();
        var receiving = signaling.ReceiveAsync().AsTask();
        transport.Posted.Writer.TryWrite(SignalingFormat.ToLine(ByeMessage.Instance));
        await heard.Task.WaitAsync(s_patience);
        Assert.False(receiving.IsCompleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_may_be_lost_goes_beside_the_lines_where_it_can(bool canPost)
    {
        var transport = new Transport { CanPost = canPost };
        await using var signaling = new PageSignaling(transport);
        signaling.PostQuickly("score"u8.ToArray());
        signaling.Post("hello"u8.ToArray());
        Assert.Equal(
            canPost ? "beside score" : "line score", await transport.Sent.Reader.ReadAsync().AsTask().WaitAsync(s_patience));
        Assert.Equal("line hello", await transport.Sent.Reader.ReadAsync().AsTask().WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_flood_beside_the_lines_ends_the_session_too()
    {
        var transport = new Transport();
        await using var signaling = new PageSignaling(transport);
        var receiving = signaling.ReceiveAsync();
        for (var i = 0; i < FloodGate.AtOnce * 10; i++)
            transport.Posted.Writer.TryWrite("""{"x":1,"y":2}"""u8.ToArray());
        Assert.IsType<ByeMessage>(await receiving.AsTask().WaitAsync(s_patience));
        Assert.Equal(LineClose.Rules, signaling.Close);
    }

    private sealed class Transport : ILineTransport
    {
        public bool CanPost { get; init; }

        public Channel<byte[]> Lines { get; } = Channel.CreateUnbounded<byte[]>();

        public Channel<byte[]> Posted { get; } = Channel.CreateUnbounded<byte[]>();

        public Channel<string> Sent { get; } = Channel.CreateUnbounded<string>();

        public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel) => NextAsync(Lines, cancel);

        public ValueTask<ReadOnlyMemory<byte>?> ReadPostedAsync(CancellationToken cancel) => NextAsync(Posted, cancel);

        public bool TryPost(ReadOnlySpan<byte> text) =>
            CanPost && Sent.Writer.TryWrite($"beside {Encoding.UTF8.GetString(text)}");

        public ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancel) =>
            Sent.Writer.WriteAsync($"line {Encoding.UTF8.GetString(line.Span)}", cancel);

        public Task CloseAsync(LineClose reason, CancellationToken cancel)
        {
            Lines.Writer.TryComplete();
            Posted.Writer.TryComplete();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => default;

        private static async ValueTask<ReadOnlyMemory<byte>?> NextAsync(Channel<byte[]> channel, CancellationToken cancel) =>
            await channel.Reader.WaitToReadAsync(cancel) && channel.Reader.TryRead(out var next) ? next.AsMemory() : null;
    }
}
