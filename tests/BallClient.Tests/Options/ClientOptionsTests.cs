using Ball.Link.Messages;
using Ball.Link.Peers;
using BallClient.Options;

namespace BallClient.Tests.Options;

public class ClientOptionsTests
{
    [Fact]
    public void Silence_means_the_defaults() => Assert.Equal(new ClientOptions(), Good());

    [Fact]
    public void Every_option_is_heard()
    {
        var options = Good("offer", "--signaling-host", "server", "--signaling-port", "1234", "--finder", "centroid",
            "--display", "none", "--detector", "attach", "--pipe", "/tmp/p", "--slot", "/tmp/s", "--message", "plain",
            "--wait", "2.5",
            "--no-graphics", "--verbose", "--seconds", "10", "--json", "out.json");
        Assert.Equal(new ClientOptions
        {
            Role = PeerRole.Offer,
            SignalingHost = "server",
            SignalingPort = 1234,
            Finder = FinderKind.Centroid,
            Display = DisplayKind.None,
            Detector = DetectorSource.Attach,
            Pipe = "/tmp/p",
            Slot = "/tmp/s",
            Message = MessageTemplate.Plain,
            Wait = TimeSpan.FromSeconds(2.5),
            NoGraphics = true,
            Verbose = true,
            Duration = TimeSpan.FromSeconds(10),
            Json = "out.json",
        }, options);
    }

    [Fact]
    public void A_template_is_checked_at_once()
    {
        Assert.Equal("coords {x:0},{y:0}", Good("--message", "coords {x:0},{y:0}").Message.Text);
        var parsed = ClientOptions.Parse(["--message", "coords {x},{z}"]);
        Assert.Equal(2, parsed.ExitCode);
        Assert.Contains("{z}", parsed.Text);
        Assert.DoesNotContain('\n', parsed.Text);
    }

    [Fact]
    public void A_detector_that_is_to_attach_must_know_where()
    {
        var parsed = ClientOptions.Parse(["--detector", "attach", "--pipe", "/tmp/p"]);
        Assert.Equal(2, parsed.ExitCode);
        Assert.Contains("--slot", parsed.Text);
        Assert.NotNull(Good("--detector", "attach", "--finder", "none"));
    }

    [Fact]
    public void No_graphics_wins_over_a_window()
    {
        Assert.True(Good().ShowsWindow);
        Assert.False(Good().AsksForWindow);
        Assert.True(Good("--display", "window").AsksForWindow);
        Assert.False(Good("--no-graphics", "--display", "window").ShowsWindow);
        Assert.False(Good("--display", "none").ShowsWindow);
    }

    [Theory]
    [InlineData("--finder", "luck")]
    [InlineData("--display", "wall")]
    [InlineData("--detector", "none")]
    [InlineData("--wait", "-1")]
    [InlineData("--pipe", "")]
    public void A_bad_value_is_told_in_one_line(string name, string value)
    {
        var parsed = ClientOptions.Parse([name, value]);
        Assert.Null(parsed.Options);
        Assert.Equal(2, parsed.ExitCode);
        Assert.Contains(name, parsed.Text);
        Assert.DoesNotContain('\n', parsed.Text);
    }

    [Fact]
    public void Help_names_every_option_and_is_no_mistake()
    {
        var parsed = ClientOptions.Parse(["--help"]);
        Assert.Equal(0, parsed.ExitCode);
        foreach (string name in new[]
        {
            "answer", "--signaling-host", "--signaling-port", "--finder", "--display", "--detector", "--pipe", "--slot",
            "--message",
            "--wait", "--no-graphics", "--verbose", "--seconds", "--json",
        })
            Assert.Contains(name, parsed.Text);
    }

    static ClientOptions Good(params string[] args)
    {
        var parsed = ClientOptions.Parse(args);
        Assert.Equal("", parsed.Text);
        return parsed.Options!;
    }
}
