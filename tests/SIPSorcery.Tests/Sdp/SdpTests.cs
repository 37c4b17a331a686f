using SIPSorcery.Net;

namespace SIPSorcery.Tests.Sdp;

/// <summary>Session descriptions in and out.</summary>
public sealed class SdpTests
{
    private const string Chromium = """
        v=0
        o=- 4611731400430051336 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0 1
        a=extmap-allow-mixed
        a=msid-semantic: WMS
        m=video 9 UDP/TLS/RTP/SAVPF 102 103 104
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=ice-ufrag:1AbC
        a=ice-pwd:0123456789012345678901ab
        a=ice-options:trickle
        a=fingerprint:sha-256 B2:B2:51:27:67:C0:56:9F:68:42:40:69:27:DC:97:9A:68:64:DA:6A:6E:82:8C:B9:18:AB:97:8D:A4:48:1B:71
        a=setup:actpass
        a=mid:0
        a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
        a=sendonly
        a=rtcp-mux
        a=rtcp-rsize
        a=rtpmap:102 H264/90000
        a=rtcp-fb:102 nack pli
        a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
        a=rtpmap:103 rtx/90000
        a=fmtp:103 apt=102
        a=rtpmap:104 H264/90000
        a=ssrc-group:FID 111 222
        a=ssrc:111 cname:abc
        a=ssrc:222 cname:abc
        a=candidate:1 1 udp 2113937151 f8b0.local 54321 typ host generation 0
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel
        c=IN IP4 0.0.0.0
        a=mid:1
        a=sctp-port:5000
        a=max-message-size:262144
        """;

    private const string OldForm = """
        v=0
        o=- 1 1 IN IP4 0.0.0.0
        s=-
        t=0 0
        m=application 41234 DTLS/SCTP 5000
        c=IN IP4 192.0.2.1
        a=mid:0
        a=sctpmap:5000 webrtc-datachannel 65535
        a=max-message-size:65536
        """;

    [Fact]
    public void Chromiums_description_is_understood()
    {
        var sdp = SDP.ParseSDPDescription(Chromium)!;
        var (video, data) = (sdp.Media[0], sdp.Media[1]);

        Assert.Equal("BUNDLE 0 1", sdp.Group);
        Assert.Equal((SDPMediaTypesEnum.video, "0", IceRolesEnum.actpass), (video.Media, video.MediaID, video.IceRole));
        Assert.Equal(("1AbC", "0123456789012345678901ab"), (video.IceUfrag, video.IcePwd));
        Assert.Equal([102, 103, 104], video.MediaFormats.Keys);
        Assert.Equal("H264", video.MediaFormats[102].Name());
        Assert.Equal(MediaStreamStatusEnum.SendOnly, video.MediaStreamStatus);
        Assert.Equal((111u, 222u), video.RepairGroup);
        Assert.Single(video.IceCandidates!);
        Assert.True(data.IsDataChannel);
        Assert.False(data.IsOldDataChannelForm);
        Assert.Equal(((ushort)5000, 262144L), (data.SctpPort!.Value, data.MaxMessageSize));
    }

    [Fact]
    public void The_old_form_of_data_channels_is_understood()
    {
        var data = SDP.ParseSDPDescription(OldForm)!.Media[0];
        Assert.True(data.IsDataChannel);
        Assert.True(data.IsOldDataChannelForm);
        Assert.Equal(((ushort)5000, 65536L), (data.SctpPort!.Value, data.MaxMessageSize));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var once = SDP.ParseSDPDescription(Chromium)!.ToString();
        Assert.Equal(once, SDP.ParseSDPDescription(once)!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("m=")]
    [InlineData("m=video nine UDP/TLS/RTP/SAVPF 96")]
    [InlineData("\0\0\0")]
    public void Garbage_is_a_description_without_media(string text) => Assert.Empty(SDP.ParseSDPDescription(text)!.Media);

    [Fact]
    public void Nothing_is_nothing() => Assert.Null(SDP.ParseSDPDescription(null));

    [Fact]
    public void Damaged_descriptions_are_survived_and_bounded()
    {
        var random = new Random(11);
        var lines = Chromium.Split('\n');
        for (var run = 0; run < 20_000; run++)
        {
            var text = run % 3 == 0
                ? string.Join('\n', Enumerable.Range(0, random.Next(1, 40)).Select(_ => lines[random.Next(lines.Length)]))
                : Damage(Chromium, random);
            var sdp = SDP.ParseSDPDescription(text)!;
            Assert.InRange(sdp.Media.Count, 0, 64);
            _ = TransportDescriptionOf(sdp);
            if (run % 16 == 0)
            {
                _ = sdp.ToString();
            }
        }
    }

    [Fact]
    public void A_million_damaged_short_descriptions_are_survived()
    {
        var random = new Random(14);
        for (var run = 0; run < 1_000_000; run++)
        {
            Assert.InRange(SDP.ParseSDPDescription(Damage(OldForm, random))!.Media.Count, 0, 2);
        }
    }

    [Fact]
    public void A_million_damaged_candidates_are_survived()
    {
        var random = new Random(12);
        const string Line = "candidate:842163049 1 udp 1677729535 203.0.113.7 3478 typ srflx raddr 10.0.0.1 rport 9 ufrag x";
        for (var run = 0; run < 1_000_000; run++)
        {
            var candidate = RTCIceCandidate.TryParse(Damage(Line, random));
            Assert.True(candidate is null || candidate.address is not null);
        }
    }

    [Fact]
    public void A_connection_refuses_damaged_offers_without_an_exception()
    {
        var random = new Random(13);
        using var connection = new RTCPeerConnection();
        connection.addTrack(new MediaStreamTrack(
            new SIPSorceryMedia.Abstractions.VideoFormat(SIPSorceryMedia.Abstractions.VideoCodecsEnum.H264, 96)));
        var taken = 0;
        for (var run = 0; run < 3000; run++)
        {
            var result = connection.setRemoteDescription(
                new RTCSessionDescriptionInit { type = RTCSdpType.offer, sdp = Damage(Chromium, random) });
            if (result == SetDescriptionResultEnum.OK)
            {
                taken++;
                _ = connection.createAnswer();
            }
        }

        Assert.InRange(taken, 1, 2999);
    }

    private static SetDescriptionResultEnum TransportDescriptionOf(SDP sdp) =>
        sdp.Media.Count == 0 ? SetDescriptionResultEnum.NoRemoteMedia : TransportDescription.Read(sdp, true, out _);

    private static string Damage(string text, Random random)
    {
        var characters = text.ToCharArray();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            characters[random.Next(characters.Length)] = random.Next(4) == 0 ? '\n' : (char)random.Next(0, 300);
        }

        return new string(characters, 0, random.Next(6) == 0 ? random.Next(characters.Length) : characters.Length);
    }
}
