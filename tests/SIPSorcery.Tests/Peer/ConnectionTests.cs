using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SIPSorcery.Net;
using SIPSorceryMedia.Abstractions;

namespace SIPSorcery.Tests.Peer;

/// <summary>Whole connections through the public API, over the machine's own sockets.</summary>
public sealed class ConnectionTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(60);

    private static readonly byte[] s_keyFrame =
        [0, 0, 0, 1, 0x67, 1, 2, 3, 0, 0, 0, 1, 0x68, 4, 5, 0, 0, 0, 1, 0x65, 0x88, .. Enumerable.Repeat((byte)7, 5000)];

    private readonly List<RTCPeerConnection> _made = [];

    public void Dispose() => _made.ForEach(connection => connection.Dispose());

    [Fact]
    public async Task A_data_channel_opens_and_carries_messages_both_ways()
    {
        var (alice, bob) = (Make(), Make());
        var channel = await alice.createDataChannel("talk");
        var answered = new BlockingCollection<string>();
        channel.onmessage += (_, _, data) => answered.Add(Encoding.UTF8.GetString(data));
        bob.ondatachannel += theirs =>
            theirs.onmessage += (_, _, data) => theirs.send("you said " + Encoding.UTF8.GetString(data));

        await OpenAsync(alice, bob, channel);
        channel.send("hello");

        Assert.True(answered.TryTake(out var answer, s_long));
        Assert.Equal("you said hello", answer);
    }

    [Fact]
    public async Task What_a_channel_was_made_with_is_seen_by_the_other_side()
    {
        var (alice, bob) = (Make(), Make());
        var theirs = new TaskCompletionSource<RTCDataChannel>();
        var openThere = new TaskCompletionSource();
        bob.ondatachannel += channel =>
        {
            Assert.Equal(RTCDataChannelState.open, channel.readyState);
            channel.onopen += () => openThere.TrySetResult();
            theirs.TrySetResult(channel);
        };
        var ours = await alice.createDataChannel(
            "loose", new RTCDataChannelInit { ordered = false, maxRetransmits = 3, protocol = "p" });
        Assert.Null(ours.id);

        await OpenAsync(alice, bob, ours);
        var seen = await theirs.Task.WaitAsync(s_long);
        await openThere.Task.WaitAsync(s_long);

        Assert.Equal(("loose", "p", false, (ushort?)3), (seen.label, seen.protocol, seen.ordered, seen.maxRetransmits));
        Assert.Equal((ushort)1, ours.id);
        Assert.Equal(ours.id, seen.id);
    }

    [Fact]
    public async Task A_negotiated_channel_opens_on_both_sides_by_itself()
    {
        var (alice, bob) = (Make(), Make());
        var init = new RTCDataChannelInit { negotiated = true, id = 7 };
        var ours = await alice.createDataChannel("both", init);
        var theirs = await bob.createDataChannel("both", init);
        var got = new BlockingCollection<byte[]>();
        theirs.onmessage += (_, _, data) => got.Add(data);

        await OpenAsync(alice, bob, ours);
        ours.send([1, 2, 3]);
        Assert.True(got.TryTake(out var data, s_long));
        Assert.Equal([1, 2, 3], data);
    }

    [Fact]
    public async Task Channels_made_later_open_too_and_closing_one_closes_it_on_both_sides()
    {
        var (alice, bob) = (Make(), Make());
        var first = await alice.createDataChannel("first");
        await OpenAsync(alice, bob, first);
        var theirs = new TaskCompletionSource<RTCDataChannel>();
        var closedThere = new TaskCompletionSource();
        alice.ondatachannel += channel =>
        {
            channel.onclose += () => closedThere.TrySetResult();
            theirs.TrySetResult(channel);
        };

        var later = await bob.createDataChannel("later").WaitAsync(s_long);
        Assert.Equal(RTCDataChannelState.open, later.readyState);
        Assert.Equal((ushort)0, later.id);
        Assert.Equal("later", (await theirs.Task.WaitAsync(s_long)).label);

        var closedHere = new TaskCompletionSource();
        later.onclose += () => closedHere.TrySetResult();
        later.close();
        await closedHere.Task.WaitAsync(s_long);
        await closedThere.Task.WaitAsync(s_long);
        Assert.Equal(RTCDataChannelState.closed, later.readyState);
        Assert.Equal(RTCDataChannelState.open, first.readyState);
        Assert.Equal(["first"], bob.DataChannels.Select(channel => channel.label));
    }

    [Fact]
    public async Task Messages_of_every_size_and_kind_arrive()
    {
        var (alice, bob) = (Make(), Make());
        var channel = await alice.createDataChannel("talk");
        var got = new BlockingCollection<(DataChannelPayloadProtocols Kind, int Length)>();
        bob.ondatachannel += theirs => theirs.onmessage += (_, kind, data) => got.Add((kind, data.Length));
        await OpenAsync(alice, bob, channel);
        channel.send(string.Empty);
        channel.send(Array.Empty<byte>());
        channel.send(new byte[262144]);
        channel.send(new byte[10], 2, 5);
        Assert.Throws<ApplicationException>(() => channel.send(new byte[262145]));
        Assert.ThrowsAny<ArgumentException>(() => channel.send((byte[])null!));

        (DataChannelPayloadProtocols, int)[] expected =
        [
            (DataChannelPayloadProtocols.WebRTC_String_Empty, 0), (DataChannelPayloadProtocols.WebRTC_Binary_Empty, 0),
            (DataChannelPayloadProtocols.WebRTC_Binary, 262144), (DataChannelPayloadProtocols.WebRTC_Binary, 5),
        ];
        foreach (var one in expected)
        {
            Assert.True(got.TryTake(out var message, s_long));
            Assert.Equal(one, message);
        }
    }

    [Fact]
    public async Task A_message_before_the_channel_is_open_is_dropped_without_an_exception()
    {
        var channel = await Make().createDataChannel("early");
        channel.send("nobody hears this");
        Assert.Equal(0ul, channel.bufferedAmount);
    }

    [Fact]
    public async Task A_handler_that_throws_ends_nothing()
    {
        var (alice, bob) = (Make(), Make());
        var channel = await alice.createDataChannel("talk");
        var got = new BlockingCollection<byte[]>();
        bob.ondatachannel += theirs => theirs.onmessage += (_, _, data) =>
        {
            got.Add(data);
            throw new InvalidOperationException("a fault of the application");
        };
        await OpenAsync(alice, bob, channel);
        channel.send([1]);
        channel.send([2]);

        Assert.True(got.TryTake(out _, s_long));
        Assert.True(got.TryTake(out _, s_long));
        Assert.Equal(RTCSctpTransportState.Connected, alice.sctp.state);
    }

    [Fact]
    public async Task A_video_frame_arrives_as_it_was_sent_and_requests_for_pictures_come_back()
    {
        var (alice, bob) = (Make(), Make());
        alice.addTrack(new MediaStreamTrack(Format(), MediaStreamStatusEnum.SendOnly));
        bob.addTrack(new MediaStreamTrack(Format(), MediaStreamStatusEnum.RecvOnly));
        var frames = new BlockingCollection<(uint Timestamp, byte[] Frame, VideoFormat Format)>();
        var packets = new BlockingCollection<RTPPacket>();
        var requests = new BlockingCollection<RTCPFeedback>();
        bob.OnVideoFrameReceived += (_, timestamp, frame, format) => frames.Add((timestamp, frame, format));
        bob.OnRtpPacketReceived += (_, _, packet) => packets.Add(packet);
        alice.OnReceiveReport += (_, _, report) =>
        {
            if (report.Feedback?.Header.PayloadFeedbackMessageType == PSFBFeedbackTypesEnum.PLI)
            {
                requests.Add(report.Feedback);
            }
        };

        alice.SendVideo(3000, s_keyFrame);
        Assert.Equal(0u, alice.VideoLocalTrack!.Timestamp);
        await ConnectAsync(alice, bob);
        alice.SendVideo(3000, s_keyFrame);
        Assert.Equal(3000u, alice.VideoLocalTrack.Timestamp);
        alice.SendVideo(3000, s_keyFrame);

        Assert.True(frames.TryTake(out var first, s_long));
        Assert.True(frames.TryTake(out var second, s_long));
        Assert.Equal((0u, 3000u), (first.Timestamp, second.Timestamp));
        Assert.Equal(s_keyFrame, second.Frame);
        Assert.Equal((VideoCodecsEnum.H264, 96), (first.Format.Codec, first.Format.FormatID));
        Assert.True(packets.TryTake(out var packet, s_long));
        Assert.Equal(alice.VideoLocalTrack.Ssrc, packet.Header.SyncSource);

        bob.SendRtcpFeedback(
            SDPMediaTypesEnum.video, new RTCPFeedback(1, alice.VideoLocalTrack.Ssrc, PSFBFeedbackTypesEnum.PLI));
        Assert.True(requests.TryTake(out _, s_long));
    }

    [Fact]
    public async Task Closing_is_told_to_the_other_side_and_to_all_channels()
    {
        var (alice, bob) = (Make(), Make());
        var channel = await alice.createDataChannel("talk");
        var happened = new ConcurrentQueue<string>();
        var done = new TaskCompletionSource();
        await OpenAsync(alice, bob, channel);
        bob.OnRtpClosed += reason => happened.Enqueue(reason);
        bob.OnClosed += () => happened.Enqueue("closed");
        bob.onconnectionstatechange += state =>
        {
            // That it is connected may still be on its way to handlers.
            if (state == RTCPeerConnectionState.closed)
            {
                happened.Enqueue(state.ToString());
                done.TrySetResult();
            }
        };
        var ends = new ConcurrentQueue<string>();
        channel.onclose += () => ends.Enqueue("channel");
        alice.OnRtpClosed += ends.Enqueue;
        alice.close();
        alice.close();
        await done.Task.WaitAsync(s_long);

        Assert.Equal(["Remote DTLS close notification received", "closed", "closed"], happened);
        Assert.Equal(["channel", "normal"], ends);
        Assert.Equal(RTCPeerConnectionState.closed, alice.connectionState);
        Assert.Equal(RTCSignalingState.closed, alice.signalingState);
    }

    [Fact]
    public async Task One_port_serves_many_peers()
    {
        var port = UnusedPort.Find();
        var pairs = new List<(RTCPeerConnection Server, RTCDataChannel Channel, string Number)>();
        var got = new ConcurrentDictionary<string, string>();
        for (var number = 0; number < 8; number++)
        {
            var name = number.ToString();
            var (server, client) = (Make(port: port), Make());
            var channel = await server.createDataChannel(name);
            client.ondatachannel += theirs =>
                theirs.onmessage += (_, _, data) => got[theirs.label] = Encoding.UTF8.GetString(data);
            await OpenAsync(server, client, channel);
            Assert.Contains($" {port} typ host", server.localDescription!.sdp.ToString());
            pairs.Add((server, channel, name));
        }

        pairs.ForEach(pair => pair.Channel.send("for " + pair.Number));
        await UntilAsync(() => got.Count == 8);
        Assert.All(got, entry => Assert.Equal("for " + entry.Key, entry.Value));

        // One leaves, the others stay, and a new one may come.
        pairs[0].Server.close();
        pairs[1].Channel.send("still there");
        await UntilAsync(() => got["1"] == "still there");
        var again = Make(port: port);
        await OpenAsync(again, Make(), await again.createDataChannel("again"));
    }

    [Fact]
    public async Task A_second_session_from_the_same_address_does_not_take_the_firsts_packets()
    {
        var (port, clientPort) = (UnusedPort.Find(), UnusedPort.Find());
        var (server, client) = (Make(port: port), Make(port: clientPort));
        var got = new BlockingCollection<byte[]>();
        client.ondatachannel += theirs => theirs.onmessage += (_, _, data) => got.Add(data);
        var channel = await server.createDataChannel("first");
        await OpenAsync(server, client, channel);
        var (second, secondClient) = (Make(port: port), Make(port: clientPort));
        await second.createDataChannel("second");
        Negotiate(second, secondClient);
        await UntilAsync(() => second.iceConnectionState == RTCIceConnectionState.connected);

        for (var number = 0; number < 5; number++)
        {
            channel.send([(byte)number]);
            Assert.True(got.TryTake(out var data, s_long));
            Assert.Equal([(byte)number], data);
            await Task.Delay(20);
        }
    }

    [Fact]
    public async Task Loopback_is_used_when_it_is_named()
    {
        var (alice, bob) = (Make(IPAddress.Loopback), Make(IPAddress.Loopback));
        await OpenAsync(alice, bob, await alice.createDataChannel("here"));
        Assert.Contains(" 127.0.0.1 ", alice.localDescription!.sdp.ToString());
    }

    [Fact]
    public async Task Candidates_that_come_one_by_one_are_enough()
    {
        var (alice, bob) = (Make(), Make());
        var channel = await alice.createDataChannel("trickle");
        var opened = Opened(channel);
        var offer = alice.createOffer(new RTCOfferOptions { X_ExcludeIceCandidates = true });
        Assert.DoesNotContain("a=candidate", offer.sdp);
        await alice.setLocalDescription(offer);
        bob.setRemoteDescription(offer);
        alice.onicecandidate += candidate => bob.addIceCandidate(Travel(candidate));
        var answer = bob.createAnswer(new RTCAnswerOptions { X_ExcludeIceCandidates = true });
        await bob.setLocalDescription(answer);
        alice.setRemoteDescription(answer);
        bob.onicecandidate += candidate => alice.addIceCandidate(Travel(candidate));

        await opened.WaitAsync(s_long);
    }

    [Fact]
    public async Task An_own_candidate_for_a_mapped_address_goes_into_the_offer_and_to_listeners()
    {
        var alice = Make();
        await alice.createDataChannel("mapped");
        var seen = new List<RTCIceCandidate>();
        alice.onicecandidate += seen.Add;
        alice.addLocalIceCandidate(new RTCIceCandidate(
            RTCIceProtocol.udp, IPAddress.Parse("203.0.113.9"), 4000, RTCIceCandidateType.host));

        Assert.Contains(" 203.0.113.9 4000 typ host", alice.createOffer().sdp);
        Assert.Contains(seen, candidate => candidate.address == "203.0.113.9");
    }

    [Fact]
    public async Task A_stun_server_gives_one_more_candidate()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var answering = Task.Run(async () =>
        {
            var question = await server.ReceiveAsync();
            Assert.True(StunMessage.TryRead(question.Buffer, out var message));
            var answer = new byte[256];
            var writer = new StunWriter(answer, StunType.Success, message.Transaction);
            writer.AddMapped(NetAddress.From(IPAddress.Parse("203.0.113.50"), 5555));
            server.Send(answer, writer.Finish([]), question.RemoteEndPoint);
        });
        var connection = new RTCPeerConnection(new RTCConfiguration
        {
            iceServers = [new RTCIceServer { urls = $"stun:127.0.0.1:{((IPEndPoint)server.Client.LocalEndPoint!).Port}" }],
        });
        _made.Add(connection);
        await connection.createDataChannel("outside");
        var offer = connection.createOffer(new RTCOfferOptions { X_WaitForIceGatheringToComplete = true });
        await answering.WaitAsync(s_long);

        Assert.Contains(" 203.0.113.50 5555 typ srflx", offer.sdp);
        Assert.Equal(RTCIceGatheringState.complete, connection.iceGatheringState);
    }

    [Fact]
    public async Task Sessions_that_come_and_go_at_once_do_not_disturb_each_other()
    {
        var port = UnusedPort.Find();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 60),
            new ParallelOptions { MaxDegreeOfParallelism = 6 },
            async (number, _) =>
            {
                using var server = new RTCPeerConnection(null, port);
                using var client = new RTCPeerConnection();
                var echoed = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
                var channel = await server.createDataChannel("churn");
                channel.onmessage += (_, _, data) => echoed.TrySetResult(data.Length);
                client.ondatachannel += theirs => theirs.onmessage += (_, _, data) => theirs.send(data);
                await OpenAsync(server, client, channel);
                channel.send(new byte[1 + (number * 1000)]);
                Assert.Equal(1 + (number * 1000), await echoed.Task.WaitAsync(s_long));
                (number % 2 == 0 ? server : client).close();
                await UntilAsync(() => server.connectionState == RTCPeerConnectionState.closed &&
                    client.connectionState == RTCPeerConnectionState.closed);
            });
    }

    [Fact]
    public async Task An_application_that_stands_still_gets_frames_again_when_it_goes_on()
    {
        var (alice, bob) = (Make(), Make());
        alice.addTrack(new MediaStreamTrack(Format(), MediaStreamStatusEnum.SendOnly));
        bob.addTrack(new MediaStreamTrack(Format(), MediaStreamStatusEnum.RecvOnly));
        using var gate = new ManualResetEventSlim();
        var got = new ConcurrentQueue<byte[]>();
        bob.OnVideoFrameReceived += (_, _, frame, _) =>
        {
            got.Enqueue(frame);
            gate.Wait();
        };
        await ConnectAsync(alice, bob);
        try
        {
            await UntilAsync(() => SendAndAsk(s_keyFrame, () => got.Count == 1));
            for (var number = 0; number < 300; number++)
            {
                alice.SendVideo(3000, s_keyFrame);
                await Task.Delay(1);
            }

            Assert.Single(got);
        }
        finally
        {
            gate.Set();
        }

        byte[] last = [.. s_keyFrame, 7];
        await UntilAsync(() => SendAndAsk(last, () => got.Last().Length == last.Length));
        Assert.Equal(last, got.Last());

        bool SendAndAsk(byte[] frame, Func<bool> condition)
        {
            alice.SendVideo(3000, frame);
            return condition();
        }
    }

    [Fact]
    public async Task Ice_restarts_while_the_session_goes_on()
    {
        var (alice, bob) = (Make(), Make());
        var channel = await alice.createDataChannel("talk");
        var got = new BlockingCollection<byte[]>();
        bob.ondatachannel += theirs => theirs.onmessage += (_, _, data) => got.Add(data);
        await OpenAsync(alice, bob, channel);
        var before = alice.localDescription!.sdp.Media[0].IceUfrag;

        alice.restartIce();
        Negotiate(alice, bob);
        Assert.NotEqual(before, alice.localDescription!.sdp.Media[0].IceUfrag);
        for (var number = 0; number < 20; number++)
        {
            channel.send([(byte)number]);
            Assert.True(got.TryTake(out _, s_long));
            await Task.Delay(20);
        }

        Assert.Equal(RTCPeerConnectionState.connected, alice.connectionState);
    }

    [Fact]
    public async Task Video_can_be_added_to_a_session_that_stands()
    {
        var (alice, bob) = (Make(), Make());
        await OpenAsync(alice, bob, await alice.createDataChannel("talk"));
        var asked = 0;
        alice.onnegotiationneeded += () => asked++;
        alice.addTrack(new MediaStreamTrack(Format(), MediaStreamStatusEnum.SendOnly));
        Assert.Equal(1, asked);
        bob.addTrack(new MediaStreamTrack(Format(), MediaStreamStatusEnum.RecvOnly));
        var frames = new BlockingCollection<byte[]>();
        bob.OnVideoFrameReceived += (_, _, frame, _) => frames.Add(frame);
        Negotiate(alice, bob);
        alice.SendVideo(3000, s_keyFrame);

        Assert.True(frames.TryTake(out var frame, s_long));
        Assert.Equal(s_keyFrame, frame);
    }

    [Fact]
    public async Task States_and_events_come_in_order()
    {
        var (alice, bob) = (Make(), Make());
        var seen = new ConcurrentQueue<string>();
        alice.onsignalingstatechange += () => seen.Enqueue("signaling " + alice.signalingState);
        alice.oniceconnectionstatechange += state => seen.Enqueue("ice " + state);
        alice.onconnectionstatechange += state => seen.Enqueue("connection " + state);
        alice.OnStarted += () => seen.Enqueue("started");
        var channel = await alice.createDataChannel("talk");
        channel.onopen += () => seen.Enqueue("open");
        await OpenAsync(alice, bob, channel);
        await UntilAsync(() => seen.Contains("open"));

        Assert.Equal(
            ["ice checking", "ice connected", "connection connecting", "connection connected", "started", "open"],
            seen.Where(text => !text.StartsWith("signaling", StringComparison.Ordinal)));
        Assert.Equal(
            ["signaling have_local_offer", "signaling stable"],
            seen.Where(text => text.StartsWith("signaling", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Descriptions_that_do_not_fit_are_refused_with_the_reason()
    {
        var video = Make();
        video.addTrack(new MediaStreamTrack(Format()));
        var offer = video.createOffer().sdp;
        var taker = Make();
        taker.addTrack(new MediaStreamTrack(Format()));

        Assert.Equal(SetDescriptionResultEnum.NoRemoteMedia, Take(taker, "garbage"));
        Assert.Equal(SetDescriptionResultEnum.VideoIncompatible, Take(taker, offer.Replace("H264", "VP8")));
        Assert.Equal(SetDescriptionResultEnum.NoMatchingMediaType, Take(Make(), offer));
        Assert.Equal(SetDescriptionResultEnum.DtlsFingerprintMissing, Take(taker, offer.Replace("a=fingerprint", "a=x")));
        Assert.Equal(SetDescriptionResultEnum.DtlsFingerprintDigestNotSupported, Take(taker, offer.Replace("sha-256", "md5")));
        Assert.Throws<ApplicationException>(() => Make().createAnswer());
        await video.setLocalDescription(new RTCSessionDescriptionInit { type = RTCSdpType.offer, sdp = offer });
        Assert.Equal(SetDescriptionResultEnum.WrongSdpTypeOfferAfterOffer, Take(video, offer));
        taker.addIceCandidate(new RTCIceCandidateInit { candidate = string.Empty });
        Assert.Throws<FormatException>(() => taker.addIceCandidate(new RTCIceCandidateInit { candidate = "bad" }));
        await Assert.ThrowsAsync<ApplicationException>(async () =>
        {
            var (alice, bob) = (Make(), Make());
            alice.addTrack(new MediaStreamTrack(Format()));
            bob.addTrack(new MediaStreamTrack(Format()));
            await ConnectAsync(alice, bob);
            await alice.createDataChannel("too late");
        });
    }

    private static VideoFormat Format() => new(VideoCodecsEnum.H264, 96, 90000, "packetization-mode=1");

    private static SetDescriptionResultEnum Take(RTCPeerConnection connection, string sdp) =>
        connection.setRemoteDescription(new RTCSessionDescriptionInit { type = RTCSdpType.offer, sdp = sdp });

    private static RTCIceCandidateInit Travel(RTCIceCandidate candidate)
    {
        Assert.True(RTCIceCandidateInit.TryParse(candidate.toJSON(), out var init));
        return init;
    }

    private static void Negotiate(RTCPeerConnection offerer, RTCPeerConnection answerer)
    {
        var offer = offerer.createOffer();
        offerer.setLocalDescription(offer).GetAwaiter().GetResult();
        Assert.True(RTCSessionDescriptionInit.TryParse(offer.toJSON(), out var travelled));
        Assert.Equal(SetDescriptionResultEnum.OK, answerer.setRemoteDescription(travelled));
        var answer = answerer.createAnswer();
        answerer.setLocalDescription(answer).GetAwaiter().GetResult();
        Assert.Equal(SetDescriptionResultEnum.OK, offerer.setRemoteDescription(answer));
    }

    private static Task Opened(RTCDataChannel channel)
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.onopen += () => opened.TrySetResult();
        return opened.Task;
    }

    private static async Task OpenAsync(RTCPeerConnection offerer, RTCPeerConnection answerer, RTCDataChannel channel)
    {
        var opened = Opened(channel);
        Negotiate(offerer, answerer);
        await opened.WaitAsync(s_long);
        await UntilAsync(() => answerer.connectionState == RTCPeerConnectionState.connected);
    }

    private static async Task ConnectAsync(RTCPeerConnection offerer, RTCPeerConnection answerer)
    {
        Negotiate(offerer, answerer);
        await UntilAsync(() => offerer.connectionState == RTCPeerConnectionState.connected &&
            answerer.connectionState == RTCPeerConnectionState.connected);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(s_long);
        while (!condition())
        {
            await Task.Delay(5, timeout.Token);
        }
    }

    private RTCPeerConnection Make(IPAddress? address = null, int port = 0)
    {
        var connection = new RTCPeerConnection(new RTCConfiguration { X_BindAddress = address }, port);
        _made.Add(connection);
        return connection;
    }
}
