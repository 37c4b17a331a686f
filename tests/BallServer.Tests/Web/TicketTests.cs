using BallServer.Web.Access;

namespace BallServer.Tests.Web;

public class TicketTests
{
    [Fact]
    public void A_ticket_is_good_for_a_while_and_only_here()
    {
        var clock = new Clock();
        var tickets = new Tickets(clock);
        var ticket = tickets.Issue();
        Assert.True(tickets.Accepts(ticket));
        clock.Now += TimeSpan.FromMinutes(2);
        Assert.True(tickets.Accepts(ticket));
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.False(tickets.Accepts(ticket));
        Assert.False(new Tickets(clock).Accepts(tickets.Issue()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("ä")]
    public void Anything_else_is_no_ticket(string text) => Assert.False(new Tickets(TimeProvider.System).Accepts(text));

    [Theory]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://192.0.2.7:5080", true)]
    [InlineData("https://player.example", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public void On_another_port_the_origins_host_counts(string origin, bool allowed)
    {
        var hosts = new HostPolicy(null, "http://localhost:5080");
        Assert.Equal(allowed, new OriginPolicy("https://player.example/").Allows(origin, hosts));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
