using System.Text;
using Ball.Link.Messages;
using Ball.Link.Peers;
using Ball.Link.Signaling;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ball.Link.Tests.Peers;

/// <summary>Signalling that carries the peer's texts too, as a page's does.</summary>
public class TextSignalingTests
{
    [Fact]
    public async Task Coordinates_beside_the_signalling_count_as_on_a_data_channel()
    {
        var texts = new Texts();
        await using var session = Session(texts);
        var heard = new List<Coordinates>();
        session.CoordinatesReceived += (coordinates, _) => heard.Add(coordinates);

        texts.Hear("""{"rtp":7,"x":1.5,"y":2.5}""");
        texts.Hear("3,4");

        Assert.Equal((FrameIdentity.Rtp, 7u, 1.5), (heard[0].Identity, heard[0].Rtp, heard[0].X));
        Assert.Equal((FrameIdentity.None, 4.0), (heard[1].Identity, heard[1].Y));
    }

    [Fact]
    public async Task Hello_and_questions_for_the_clock_are_answered_where_they_came_from()
    {
        var texts = new Texts();
        await using var session = Session(texts);
        texts.Hear("""{"hello":"page","version":1,"clock":true}""");
        Assert.Equal(ClockMessages.Hello("server"), Assert.Single(texts.Posted));

        texts.Hear("""{"clock":"ask","id":3,"t1":99}""");
        Assert.StartsWith("""{"clock":"answer","id":3,"t1":99,""", texts.Posted[1]);
    }

    [Fact]
    public async Task What_nobody_understands_is_counted()
    {
        var texts = new Texts();
        await using var session = Session(texts);
        foreach (var text in new[] { "", "{", "{}", "hello", """{"x":1}""", new string('x', 5000) })
            texts.Hear(text);
        Assert.Equal(6, session.UnknownMessages);
        Assert.Empty(texts.Posted);
    }

    static SendingSession Session(ISignaling signaling) =>
        new(signaling, new PeerOptions { Role = PeerRole.Answer }, TimeProvider.System, NullLogger.Instance);

    sealed class Texts : ITextSignaling
    {
        public event PeerTextHandler? TextReceived;

        public List<string> Posted { get; } = [];

        public bool IsOpen => true;

        public void Hear(string text) => TextReceived!(Encoding.UTF8.GetBytes(text));

        public void Post(ReadOnlyMemory<byte> text) => Posted.Add(Encoding.UTF8.GetString(text.Span));

        public Task SendAsync(SignalingMessage message, CancellationToken cancel = default) => Task.CompletedTask;

        public ValueTask<SignalingMessage?> ReceiveAsync(CancellationToken cancel = default) => new((SignalingMessage?)null);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
