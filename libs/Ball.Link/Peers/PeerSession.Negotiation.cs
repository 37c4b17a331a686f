using Ball.Link.Signaling;
using SIPSorcery.Net;

namespace Ball.Link.Peers;

/// <summary>How the two ends come to an agreement.</summary>
public abstract partial class PeerSession
{
    /// <summary>Exchanges descriptions. False: the session has ended over it.</summary>
    async Task<bool> NegotiateAsync(CancellationToken cancel)
    {
        var peer = new RTCPeerConnection(Configuration(), Options.BindPort);
        _connection = peer;
        peer.onconnectionstatechange += OnConnectionState;
        peer.ondatachannel += Adopt;
        if (Options.Advertised is { } outside)
            peer.addLocalIceCandidate(Candidate(outside));
        Attach(peer);
        if (cancel.IsCancellationRequested)
            return false;
        return Options.Role == PeerRole.Offer
            ? await OfferAsync(peer, cancel).ConfigureAwait(false)
            : await AnswerAsync(peer, cancel).ConfigureAwait(false);
    }

    async Task<bool> OfferAsync(RTCPeerConnection peer, CancellationToken cancel)
    {
        if (OffersVideo)
            peer.addTrack(new MediaStreamTrack(H264, VideoDirection));
        Adopt(await peer.createDataChannel(CoordinatesLabel).WaitAsync(cancel).ConfigureAwait(false));
        if (OpensFramesChannel)
            await OpenFramesChannelAsync(peer, cancel).ConfigureAwait(false);
        var offer = peer.createOffer(new RTCOfferOptions { X_WaitForIceGatheringToComplete = true });
        await peer.setLocalDescription(offer).WaitAsync(cancel).ConfigureAwait(false);
        await _signaling.SendAsync(new DescriptionMessage(DescriptionKind.Offer, offer.sdp), cancel).ConfigureAwait(false);

        if (await DescriptionAsync(peer, DescriptionKind.Answer, cancel).ConfigureAwait(false) is not { } answer)
            return false;
        Identity = SessionIdentity.Of(offer.sdp, answer);
        return Take(peer, RTCSdpType.answer, answer);
    }

    async Task<bool> AnswerAsync(RTCPeerConnection peer, CancellationToken cancel)
    {
        if (await DescriptionAsync(peer, DescriptionKind.Offer, cancel).ConfigureAwait(false) is not { } offer)
            return false;
        // An answerer needs a track for every one that is offered, and none otherwise.
        bool hasVideo = offer.Contains("m=video", StringComparison.Ordinal);
        if (hasVideo)
            peer.addTrack(new MediaStreamTrack(H264, VideoDirection));
        if (!hasVideo && !offer.Contains("m=application", StringComparison.Ordinal))
        {
            End(SessionEndReason.Refused, "the peer offers neither video nor a data channel");
            return false;
        }
        if (!Take(peer, RTCSdpType.offer, offer))
            return false;
        var answer = peer.createAnswer(new RTCAnswerOptions { X_WaitForIceGatheringToComplete = true });
        Identity = SessionIdentity.Of(offer, answer.sdp);
        await peer.setLocalDescription(answer).WaitAsync(cancel).ConfigureAwait(false);
        await _signaling.SendAsync(new DescriptionMessage(DescriptionKind.Answer, answer.sdp), cancel).ConfigureAwait(false);
        return true;
    }

    private protected async Task OpenFramesChannelAsync(RTCPeerConnection peer, CancellationToken cancel)
    {
        var init = new RTCDataChannelInit { ordered = false, maxRetransmits = 0 };
        Adopt(await peer.createDataChannel(FramesLabel, init).WaitAsync(cancel).ConfigureAwait(false));
    }

    private protected async Task OpenCoordinatesChannelAsync(RTCPeerConnection peer, CancellationToken cancel) =>
        Adopt(await peer.createDataChannel(CoordinatesLabel).WaitAsync(cancel).ConfigureAwait(false));

    /// <summary>Waits for the peer's description; candidates may come before it. Null: the session has ended over it.</summary>
    async Task<string?> DescriptionAsync(RTCPeerConnection peer, DescriptionKind wanted, CancellationToken cancel)
    {
        while (true)
        {
            switch (await _signaling.ReceiveAsync(cancel).ConfigureAwait(false))
            {
                case DescriptionMessage description when description.Kind == wanted:
                    return description.Sdp;
                case DescriptionMessage:
                    End(SessionEndReason.Refused, wanted == DescriptionKind.Answer
                        ? "both ends offer; start one of them with 'answer'"
                        : "both ends answer; start one of them with 'offer'");
                    return null;
                case CandidateMessage candidate:
                    Take(peer, candidate);
                    break;
                case ByeMessage:
                    End(SessionEndReason.PeerLeft, "the peer said goodbye before there was a connection");
                    return null;
                case null:
                    string what = wanted == DescriptionKind.Offer ? "offer" : "answer";
                    End(SessionEndReason.PeerLeft, $"the peer hung up before it sent its {what}");
                    return null;
            }
        }
    }

    async Task ReadSignalsAsync(CancellationToken cancel)
    {
        while (true)
        {
            switch (await _signaling.ReceiveAsync(cancel).ConfigureAwait(false))
            {
                case CandidateMessage candidate:
                    Take(_connection!, candidate);
                    break;
                case ByeMessage:
                    End(SessionEndReason.PeerLeft, "the peer said goodbye");
                    return;
                case null:
                    Volatile.Write(ref _signalsGoneAt, Now);
                    return;
            }
        }
    }

    /// <summary>Puts the peer's description in force.</summary>
    bool Take(RTCPeerConnection peer, RTCSdpType type, string sdp)
    {
        var result = peer.setRemoteDescription(new RTCSessionDescriptionInit { type = type, sdp = sdp });
        if (result == SetDescriptionResultEnum.OK)
            return true;
        End(SessionEndReason.Refused, result switch
        {
            SetDescriptionResultEnum.VideoIncompatible => "the peer does not know H.264 (constrained baseline)",
            SetDescriptionResultEnum.NoRemoteMedia => "the peer's description holds nothing to receive or send",
            _ => $"the peer's description does not fit: {result}",
        });
        return false;
    }

    /// <summary>A candidate that the engine cannot read is only one way less.</summary>
    void Take(RTCPeerConnection peer, CandidateMessage candidate)
    {
        try
        {
            peer.addIceCandidate(new RTCIceCandidateInit
            {
                candidate = candidate.Candidate,
                sdpMid = candidate.Mid ?? "0",
                sdpMLineIndex = (ushort)candidate.LineIndex,
            });
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogCandidate(_log, candidate.Candidate, e.Message);
        }
    }

    static RTCIceCandidate Candidate(System.Net.IPEndPoint at) =>
        new(RTCIceProtocol.udp, at.Address, (ushort)at.Port, RTCIceCandidateType.host);

    RTCConfiguration Configuration() => new()
    {
        X_UseRtpFeedbackProfile = true,
        X_BindAddress = Options.BindAddress,
        iceServers = Options.IceServers.Count > 0 ? [.. Options.IceServers.Select(RTCIceServer.Parse)] : null,
    };

    [Microsoft.Extensions.Logging.LoggerMessage(
        Level = Microsoft.Extensions.Logging.LogLevel.Debug, Message = "A candidate was left out ({Candidate}): {Why}")]
    static partial void LogCandidate(Microsoft.Extensions.Logging.ILogger log, string candidate, string why);
}
