using System.Net;
using Ball.CommandLine;
using Ball.Link.Peers;
using Ball.WebTransport;
using BallServer.Options;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;

namespace BallServer.Tests.Options;

public class ServerOptionsTests
{
    [Fact]
    public void Silence_means_the_defaults() => Assert.Equal(new ServerOptions(), Good());

    [Fact]
    public void Every_option_is_heard()
    {
        var options = Good("answer", "--size", "1280x720", "--fps", "59.94", "--bitrate", "1.5M", "--frames", "datachannel",
            "--pixels", "gray", "--bounce", "random", "--seed", "-7", "--signaling-host", "0.0.0.0", "--signaling-port", "1234",
            "--wait", "forever", "--urls", "http://*:80;https://*:443",
            "--web-transport-port", "4433", "--quic", "builtin", "--media-port", "4000", "--advertise", "203.0.113.9:5000",
            "--token", "sesame", "--hosts", "a.example", "--origins", "https://b.example", "--no-graphics", "--verbose",
            "--seconds", "2.5",
            "--json", "out.json");
        Assert.Equal(new ServerOptions
        {
            Role = PeerRole.Answer,
            Size = new PictureSize(1280, 720),
            Fps = 59.94,
            Bitrate = 1_500_000,
            Frames = FrameCarrier.DataChannel,
            Pixels = RawPixels.Gray,
            Bounce = BounceKind.Random,
            Seed = -7,
            SignalingHost = "0.0.0.0",
            SignalingPort = 1234,
            Wait = Timeout.InfiniteTimeSpan,
            Urls = "http://*:80;https://*:443",
            WebTransportPort = 4433,
            MediaPort = 4000,
            Advertise = new IPEndPoint(IPAddress.Parse("203.0.113.9"), 5000),
            Quic = QuicChoice.BuiltIn,
            Token = "sesame",
            Hosts = "a.example",
            Origins = "https://b.example",
            NoGraphics = true,
            Verbose = true,
            Duration = TimeSpan.FromSeconds(2.5),
            Json = "out.json",
        }, options);
    }

    [Theory]
    [InlineData("1500k", 1_500_000)]
    [InlineData("1.5M", 1_500_000)]
    [InlineData("0.25m", 250_000)]
    [InlineData("800000", 800_000)]
    public void Bitrates_may_have_units(string text, int bits) => Assert.Equal(bits, Good("--bitrate", text).Bitrate);

    [Theory]
    [InlineData("--size", "640")]
    [InlineData("--size", "640x481")]
    [InlineData("--size", "16x16")]
    [InlineData("--size", "99999x480")]
    [InlineData("--size", "-640x480")]
    [InlineData("--fps", "0")]
    [InlineData("--fps", "241")]
    [InlineData("--fps", "fast")]
    [InlineData("--fps", "NaN")]
    [InlineData("--bitrate", "10")]
    [InlineData("--bitrate", "1G")]
    [InlineData("--bitrate", "k")]
    [InlineData("--frames", "carrier-pigeon")]
    [InlineData("--frames", "1")]
    [InlineData("--bounce", "up")]
    [InlineData("--seed", "1.5")]
    [InlineData("--signaling-port", "65536")]
    [InlineData("--signaling-port", "-1")]
    [InlineData("--media-port", "65536")]
    [InlineData("--advertise", "node.example")]
    [InlineData("--advertise", "0.0.0.0")]
    [InlineData("--advertise", "239.1.1.1")]
    [InlineData("--advertise", "4000")]
    [InlineData("--seconds", "0")]
    [InlineData("--seconds", "5000000")]
    [InlineData("--wait", "long")]
    [InlineData("--json", "")]
    [InlineData("--quic", "ngtcp2")]
    [InlineData("--origins", "notanorigin")]
    [InlineData("--origins", "player.example:3000")]
    [InlineData("--origins", "https://a.example,null")]
    [InlineData("--origins", "https://*.example")]
    [InlineData("--origins", "https://a.example/page")]
    [InlineData("--origins", ",")]
    [InlineData("--hosts", "http://ball.example")]
    [InlineData("--hosts", "ball.example:5080")]
    [InlineData("--hosts", "*")]
    public void A_bad_value_is_told_in_one_line(string name, string value)
    {
        var parsed = ServerOptions.Parse([name, value]);
        Assert.Null(parsed.Options);
        Assert.Equal(2, parsed.ExitCode);
        Assert.StartsWith("BallServer: ", parsed.Text);
        Assert.Contains(name, parsed.Text);
        Assert.Contains("--help", parsed.Text);
        Assert.DoesNotContain('\n', parsed.Text);
        var error = new StringWriter();
        Assert.Equal(2, parsed.Tell(TextWriter.Null, error));
        Assert.Equal(parsed.Text + Environment.NewLine, error.ToString());
    }

    /// <summary>A browser names no usual port and no path, and says names in ASCII: else nothing would ever match.</summary>
    [Theory]
    [InlineData("https://a.example/", "https://a.example")]
    [InlineData("https://a.example:443, http://b.example:80", "https://a.example,http://b.example")]
    [InlineData("http://localhost:3000", "http://localhost:3000")]
    [InlineData("HTTPS://A.Example", "https://a.example")]
    [InlineData("https://bücher.example", "https://xn--bcher-kva.example")]
    [InlineData("http://[::1]:3000", "http://[::1]:3000")]
    [InlineData("chrome-extension://abcdef", "chrome-extension://abcdef")]
    public void Origins_are_kept_as_browsers_say_them(string told, string kept) =>
        Assert.Equal(kept, Good("--origins", told).Origins);

    [Theory]
    [InlineData("ball.example", "ball.example")]
    [InlineData("ball.example, 192.0.2.1", "ball.example,192.0.2.1")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("[::1]", "[::1]")]
    public void Hosts_are_kept_as_browsers_say_them(string told, string kept) => Assert.Equal(kept, Good("--hosts", told).Hosts);

    [Fact]
    public void Raw_frames_may_have_any_size_that_clients_take()
    {
        Assert.Equal(new PictureSize(641, 479), Good("--frames", "datachannel", "--size", "641x479").Size);
        Assert.Equal(8192, Good("--frames", "datachannel", "--pixels", "gray", "--size", "8192x8192").Size.Width);
        Assert.Contains("even", ServerOptions.Parse(["--size", "641x480"]).Text);
        var parsed = ServerOptions.Parse(["--frames", "datachannel", "--size", "8192x8192"]);
        Assert.Equal(2, parsed.ExitCode);
        Assert.Contains("192 MiB", parsed.Text);
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9:4000")]
    [InlineData("203.0.113.9:5000", "203.0.113.9:5000")]
    [InlineData("[2001:db8::9]:5000", "[2001:db8::9]:5000")]
    public void The_media_port_is_advertised_unless_another_one_is(string told, string advertised) =>
        Assert.Equal(
            IPEndPoint.Parse(advertised),
            Good("--media-port", "4000", "--advertise", told).ForPeer(PeerRole.Answer).Advertised);

    [Fact]
    public void An_address_without_a_media_port_is_no_use() =>
        Assert.Contains("--media-port", ServerOptions.Parse(["--advertise", "203.0.113.9:5000"]).Text);

    [Theory]
    [InlineData("--unknown")]
    [InlineData("--fps")]
    [InlineData("offer", "answer")]
    [InlineData("listen")]
    [InlineData("@\0")]
    [InlineData("@/dev/null")]
    public void Bad_usage_is_told_in_one_line(params string[] args)
    {
        var parsed = ServerOptions.Parse(args);
        Assert.Null(parsed.Options);
        Assert.Equal(2, parsed.ExitCode);
        Assert.DoesNotContain('\n', parsed.Text);
    }

    [Theory]
    [InlineData("auto", QuicChoice.Auto)]
    [InlineData("builtin", QuicChoice.BuiltIn)]
    [InlineData("msquic", QuicChoice.MsQuic)]
    public void A_QUIC_that_is_not_there_is_told_in_one_line(string word, QuicChoice choice)
    {
        foreach (var parsed in new[]
        {
            ServerOptions.Parse(["--quic", word]), ServerOptions.Parse([], Configured(("Ball:Quic", word))),
        })
        {
            // Without any QUIC at all the page has WebSockets, which is no mistake where nobody asked for more.
            if (WebTransportServer.IsSupported(choice, out var missing) || choice == QuicChoice.Auto)
            {
                Assert.Equal(choice, parsed.Options!.Quic);
                continue;
            }
            Assert.Null(parsed.Options);
            Assert.Equal(2, parsed.ExitCode);
            Assert.StartsWith($"BallServer: --quic {word} is not possible here: {missing}", parsed.Text);
            Assert.DoesNotContain('\n', parsed.Text);
        }
    }

    [Fact]
    public void Help_names_every_option_and_is_no_mistake()
    {
        var parsed = ServerOptions.Parse(["--help"]);
        Assert.Null(parsed.Options);
        Assert.Equal(0, parsed.ExitCode);
        foreach (string name in new[]
        {
            "offer", "--size", "--fps", "--bitrate", "--frames", "--bounce", "--seed", "--signaling-host", "--signaling-port",
            "--urls", "--quic", "--no-graphics", "--verbose", "--seconds", "--json", "Ball__",
        })
            Assert.Contains(name, parsed.Text);
    }

    [Fact]
    public void Configuration_speaks_where_the_command_line_is_silent()
    {
        var configuration = Configured(
            ("Ball:Fps", "60"), ("Ball:SignalingPort", "9000"), ("Ball:Role", "answer"), ("Ball:NoGraphics", "true"),
            ("urls", "http://localhost:1"));
        var parsed = ServerOptions.Parse(["--signaling-port", "9001"], configuration);
        Assert.Equal(60, parsed.Options!.Fps);
        Assert.Equal(9001, parsed.Options.SignalingPort);
        Assert.Equal(PeerRole.Answer, parsed.Options.Role);
        Assert.True(parsed.Options.NoGraphics);
        Assert.Equal("http://localhost:1", parsed.Options.Urls);
    }

    /// <summary>Images and manifests say ports, not addresses.</summary>
    [Theory]
    [InlineData("8080", "http://*:8080")]
    [InlineData("80;81", "http://*:80;http://*:81")]
    public void Ports_alone_mean_every_address(string ports, string urls)
    {
        Assert.Equal(urls, ServerOptions.Parse([], Configured(("http_ports", ports))).Options!.Urls);
        var told = Configured(("http_ports", ports), ("urls", "http://localhost:1"));
        Assert.Equal("http://localhost:1", ServerOptions.Parse([], told).Options!.Urls);
    }

    [Fact]
    public void The_environment_is_configuration()
    {
        Environment.SetEnvironmentVariable("BALLTEST_Ball__Size", "320x240");
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables("BALLTEST_").Build();
        Assert.Equal(new PictureSize(320, 240), ServerOptions.Parse([], configuration).Options!.Size);
    }

    [Fact]
    public void A_bad_value_in_the_configuration_is_named_after_it()
    {
        var parsed = ServerOptions.Parse([], Configured(("Ball:Fps", "fast")));
        Assert.Equal(2, parsed.ExitCode);
        Assert.Contains("Ball__Fps", parsed.Text);
    }

    [Fact]
    public void No_command_line_whatever_makes_it_fail()
    {
        Prop.ForAll<string[]>(args =>
        {
            var parsed = ServerOptions.Parse([.. args.Select(arg => arg ?? "")]);
            return parsed.Options is not null || parsed.ExitCode is 0 or 2;
        }).QuickCheckThrowOnFailure();
    }

    static ServerOptions Good(params string[] args)
    {
        var parsed = ServerOptions.Parse(args);
        Assert.Equal("", parsed.Text);
        return parsed.Options!;
    }

    static IConfiguration Configured(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(pair => new KeyValuePair<string, string?>(pair.Key, pair.Value))).Build();
}
