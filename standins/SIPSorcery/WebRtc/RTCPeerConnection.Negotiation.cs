using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SIPSorcery.SIP.App;

namespace SIPSorcery.Net;

// Offers and answers.
public partial class RTCPeerConnection
{
    private readonly List<MediaLine> _lines = [];
    private ulong _descriptionVersion;
    private bool _restartWanted;
    private bool _isActive;
    private bool _wasOfferer;

    /// <summary>Describes what this end wants.</summary>
    public RTCSessionDescriptionInit createOffer(RTCOfferOptions? options = null)
    {
        if (options?.X_WaitForIceGatheringToComplete == true)
        {
            WaitForGathering();
        }

        lock (_lock)
        {
            return new RTCSessionDescriptionInit
            {
                type = RTCSdpType.offer,
                sdp = WriteOffer(options?.X_ExcludeIceCandidates == true).ToString(),
            };
        }
    }

    /// <summary>Describes what this end takes of the peer's offer.</summary>
    public RTCSessionDescriptionInit createAnswer(RTCAnswerOptions? options = null)
    {
        if (options?.X_WaitForIceGatheringToComplete == true)
        {
            WaitForGathering();
        }

        lock (_lock)
        {
            if (pendingRemoteDescription is not { type: RTCSdpType.offer } offer)
            {
                throw new ApplicationException("An answer needs an offer: call setRemoteDescription first.");
            }

            return new RTCSessionDescriptionInit
            {
                type = RTCSdpType.answer,
                sdp = WriteAnswer(offer.sdp, options?.X_ExcludeIceCandidates == true).ToString(),
            };
        }
    }

    /// <summary>Describes what this end wants.</summary>
    public SDP CreateOffer(IPAddress? connectionAddress = null)
    {
        lock (_lock)
        {
            return WriteOffer(withoutCandidates: false);
        }
    }

    /// <summary>Describes what this end takes of the peer's offer.</summary>
    public SDP CreateAnswer(IPAddress? connectionAddress = null) => SDP.ParseSDPDescription(createAnswer().sdp)!;

    /// <summary>Puts an own description in force.</summary>
    public Task setLocalDescription(RTCSessionDescriptionInit init)
    {
        ArgumentNullException.ThrowIfNull(init);
        lock (_lock)
        {
            var description = new RTCSessionDescription
            {
                type = init.type,
                sdp = SDP.ParseSDPDescription(init.sdp) ?? new SDP(),
            };
            switch (init.type)
            {
                case RTCSdpType.offer:
                    pendingLocalDescription = description;
                    break;
                case RTCSdpType.answer when pendingRemoteDescription is not null:
                    (currentLocalDescription, currentRemoteDescription) = (description, pendingRemoteDescription);
                    (pendingLocalDescription, pendingRemoteDescription) = (null, null);
                    Activate(isOfferer: false);
                    break;
                case RTCSdpType.rollback:
                    pendingLocalDescription = null;
                    break;
            }
        }

        Become(init.type switch
        {
            RTCSdpType.offer => RTCSignalingState.have_local_offer,
            RTCSdpType.pranswer => RTCSignalingState.have_local_pranswer,
            _ => RTCSignalingState.stable,
        });
        return Task.CompletedTask;
    }

    /// <summary>Puts the peer's description in force.</summary>
    public SetDescriptionResultEnum setRemoteDescription(RTCSessionDescriptionInit init)
    {
        ArgumentNullException.ThrowIfNull(init);
        if (init.type == RTCSdpType.rollback)
        {
            lock (_lock)
            {
                pendingRemoteDescription = null;
            }

            Become(RTCSignalingState.stable);
            return SetDescriptionResultEnum.OK;
        }

        var sdp = SDP.ParseSDPDescription(init.sdp);
        return sdp is null
            ? SetDescriptionResultEnum.NoRemoteMedia
            : SetRemoteDescription(init.type == RTCSdpType.offer ? SdpType.offer : SdpType.answer, sdp);
    }

    /// <summary>Puts the peer's description in force.</summary>
    public SetDescriptionResultEnum SetRemoteDescription(SdpType sdpType, SDP sessionDescription)
    {
        ArgumentNullException.ThrowIfNull(sessionDescription);
        var isOffer = sdpType == SdpType.offer;
        SetDescriptionResultEnum result;
        List<MediaLine> lines;
        lock (_lock)
        {
            result = TakeRemote(isOffer, sessionDescription);
            lines = [.. _lines];
        }

        if (result != SetDescriptionResultEnum.OK)
        {
            _logger.LogWarning("The peer's {Type} was refused: {Result}", sdpType, result);
            return result;
        }

        foreach (var line in lines)
        {
            if (line is { Stream: { } stream, Agreement: { } agreement })
            {
                RaiseVideoFormats(stream, agreement.Formats.ConvertAll(format => format.ToVideoFormat()));
            }
        }

        Become(isOffer ? RTCSignalingState.have_remote_offer : RTCSignalingState.stable);
        RaiseRemoteDescriptionChanged(sessionDescription);
        return result;
    }

    /// <summary>Takes a candidate of the peer; an empty one says that there are no more.</summary>
    public void addIceCandidate(RTCIceCandidateInit candidateInit)
    {
        ArgumentNullException.ThrowIfNull(candidateInit);
        if (string.IsNullOrWhiteSpace(candidateInit.candidate))
        {
            return;
        }

        var candidate = new RTCIceCandidate(candidateInit);
        lock (_lock)
        {
            AddRemote(candidate, MonotonicClock.Now);
        }
    }

    /// <summary>Gives the peer's ICE credentials by hand.</summary>
    public void SetRemoteCredentials(string remoteIceUser, string remoteIcePassword)
    {
        lock (_lock)
        {
            var now = MonotonicClock.Now;
            _ice.SetPeer(remoteIceUser, remoteIcePassword, now);
            _core.AfterIceChange(now);
            Settle(now);
        }
    }

    /// <summary>Makes the next offer look for the way to the peer anew.</summary>
    public void restartIce()
    {
        lock (_lock)
        {
            _restartWanted = true;
        }

        onnegotiationneeded?.Invoke();
    }

    /// <inheritdoc/>
    public override void addTrack(MediaStreamTrack track)
    {
        lock (_lock)
        {
            base.addTrack(track);
        }

        NegotiationNeeded();
    }

    private void NegotiationNeeded()
    {
        if (signalingState == RTCSignalingState.stable)
        {
            onnegotiationneeded?.Invoke();
        }
    }

    private SDP WriteOffer(bool withoutCandidates)
    {
        if (_restartWanted && currentRemoteDescription is not null)
        {
            RestartOwnIce();
        }

        _restartWanted = false;
        foreach (var stream in VideoStreamList)
        {
            if (stream.LocalTrack is not null && !_lines.Exists(line => line.Stream == stream))
            {
                _lines.Add(new MediaLine(FreeMid(), SDPMediaTypesEnum.video)
                {
                    Stream = stream,
                    RepairSsrc = NewSsrc(),
                });
            }
        }

        if (_channels.Count > 0 && !_lines.Exists(line => line.IsData))
        {
            _lines.Add(new MediaLine(FreeMid(), SDPMediaTypesEnum.application));
        }

        var sdp = NewDescription();
        foreach (var line in _lines)
        {
            var media = line switch
            {
                { IsData: true, Remote: { IsOldDataChannelForm: true } old } => DataLine(old),
                { IsData: true } => DataLine(null),
                { Stream.LocalTrack: { } track } => VideoNegotiation.Offer(
                    track, line.Mid, line.RepairSsrc, _cname, _configuration.X_UseRtpFeedbackProfile),
                _ => Refusal(line.Remote!),
            };
            media.MediaID = line.Mid;
            sdp.Media.Add(media);
        }

        Dress(sdp, IceRolesEnum.actpass, withoutCandidates, bundle: true);
        return sdp;
    }

    private SDP WriteAnswer(SDP offer, bool withoutCandidates)
    {
        var sdp = NewDescription();
        var setup = IceRolesEnum.active;
        if (TransportDescription.Read(offer, true, out var transport) == SetDescriptionResultEnum.OK &&
            transport!.Setup == IceRolesEnum.active)
        {
            setup = IceRolesEnum.passive;
        }
        else if (transport?.Setup == IceRolesEnum.actpass && IceRole == IceRolesEnum.passive)
        {
            setup = IceRolesEnum.passive;
        }

        foreach (var (line, media) in _lines.Zip(offer.Media))
        {
            sdp.Media.Add(line switch
            {
                { IsRefused: true } => Refusal(media),
                { IsData: true } => DataLine(media),
                { Agreement: { } agreement, Stream.LocalTrack: { } track } =>
                    VideoNegotiation.Answer(media, agreement, track, line.RepairSsrc, _cname),
                _ => Refusal(media),
            });
            sdp.Media[^1].MediaID = media.MediaID;
        }

        Dress(sdp, setup, withoutCandidates, offer.Group?.StartsWith("BUNDLE", StringComparison.Ordinal) == true);
        return sdp;
    }

    private SDP NewDescription() => new(IPAddress.Loopback)
    {
        SessionId = SdpSessionID,
        AnnouncementVersion = _descriptionVersion++,
        SessionName = "-",
        Connection = null,
    };

    private static SDPMediaAnnouncement DataLine(SDPMediaAnnouncement? offer) => offer is { IsOldDataChannelForm: true }
        ? new SDPMediaAnnouncement
        {
            Media = SDPMediaTypesEnum.application,
            MediaWord = "application",
            Port = 9,
            Transport = offer.Transport,
            ApplicationMediaFormats = { ["5000"] = new SDPApplicationMediaFormat("5000") },
            SctpMap = "5000 webrtc-datachannel 65535",
            MaxMessageSize = RTCSctpTransport.MaxMessageSize,
        }
        : new SDPMediaAnnouncement
        {
            Media = SDPMediaTypesEnum.application,
            MediaWord = "application",
            Port = 9,
            Transport = offer?.Transport ?? "UDP/DTLS/SCTP",
            ApplicationMediaFormats = { ["webrtc-datachannel"] = new SDPApplicationMediaFormat("webrtc-datachannel") },
            SctpPort = 5000,
            MaxMessageSize = RTCSctpTransport.MaxMessageSize,
        };

    private static SDPMediaAnnouncement Refusal(SDPMediaAnnouncement offer)
    {
        var media = new SDPMediaAnnouncement
        {
            Media = offer.Media,
            MediaWord = offer.MediaWord,
            Port = 0,
            Transport = offer.Transport,
            MediaStreamStatus = offer.IsDataChannel ? null : MediaStreamStatusEnum.Inactive,
        };
        media.FormatWords.AddRange(offer.FormatWords);
        return media;
    }

    /// <summary>Puts the transport's attributes on the lines in use.</summary>
    private void Dress(SDP sdp, IceRolesEnum setup, bool withoutCandidates, bool bundle)
    {
        var used = sdp.Media.FindAll(media => media.Port != 0);
        if (bundle && used.Count > 0)
        {
            sdp.Group = "BUNDLE " + string.Join(' ', used.Select(media => media.MediaID));
        }

        foreach (var media in sdp.Media)
        {
            media.Connection = new SDPConnectionInformation(IPAddress.Any);
        }

        foreach (var media in used)
        {
            media.IceUfrag = _ice.Local.Ufrag;
            media.IcePwd = _ice.Local.Password;
            media.IceOptions = "trickle";
            media.DtlsFingerprint = _certificate.Fingerprint.ToString();
            media.IceRole = setup;
        }

        if (!withoutCandidates && used.Count > 0)
        {
            used[0].IceCandidates = _candidates.ConvertAll(candidate => candidate.ToString());
            used[0].IceEndOfCandidates = iceGatheringState == RTCIceGatheringState.complete;
        }
    }

    private SetDescriptionResultEnum TakeRemote(bool isOffer, SDP sdp)
    {
        if (sdp.Media.Count == 0)
        {
            return SetDescriptionResultEnum.NoRemoteMedia;
        }

        if (IsClosed)
        {
            return SetDescriptionResultEnum.Error;
        }

        if (isOffer && signalingState == RTCSignalingState.have_local_offer)
        {
            return SetDescriptionResultEnum.WrongSdpTypeOfferAfterOffer;
        }

        if (!isOffer && (pendingLocalDescription is null || sdp.Media.Count > _lines.Count))
        {
            return SetDescriptionResultEnum.Error;
        }

        var result = TransportDescription.Read(sdp, isOffer, out var transport);
        if (result == SetDescriptionResultEnum.OK)
        {
            result = isOffer ? TakeOffer(sdp) : TakeAnswer(sdp);
        }

        if (result != SetDescriptionResultEnum.OK)
        {
            return result;
        }

        RemotePeerDtlsFingerprint ??= transport!.Fingerprint;
        if (RemotePeerDtlsFingerprint.value != transport!.Fingerprint.value && _core.Dtls is not null)
        {
            // Another certificate would need another handshake: that is a new connection.
            return SetDescriptionResultEnum.DtlsFingerprintInvalid;
        }

        RemotePeerDtlsFingerprint = transport.Fingerprint;
        var description = new RTCSessionDescription { type = isOffer ? RTCSdpType.offer : RTCSdpType.answer, sdp = sdp };
        if (isOffer)
        {
            pendingRemoteDescription = description;
            if (_ice.Peer is { } known && known.Ufrag != transport.Ufrag)
            {
                RestartOwnIce();
            }
        }
        else
        {
            (currentLocalDescription, currentRemoteDescription) = (pendingLocalDescription, description);
            (pendingLocalDescription, pendingRemoteDescription) = (null, null);
            Activate(isOfferer: true);
        }

        return SetDescriptionResultEnum.OK;
    }

    private SetDescriptionResultEnum TakeOffer(SDP sdp)
    {
        var isAnyUsed = false;
        var lines = new List<MediaLine>(_lines);
        for (var index = 0; index < sdp.Media.Count; index++)
        {
            var media = sdp.Media[index];
            if (index == lines.Count)
            {
                lines.Add(new MediaLine(media.MediaID ?? index.ToString(), media.Media) { RepairSsrc = NewSsrc() });
            }

            var line = lines[index];
            if (line.Kind != media.Media)
            {
                return SetDescriptionResultEnum.NoMatchingMediaType;
            }

            line.Mid = media.MediaID ?? line.Mid;
            line.Remote = media;
            line.IsRefused = true;
            if (media.Port == 0 && media.IceUfrag is null)
            {
                continue;
            }

            if (media.IsDataChannel)
            {
                line.IsRefused = false;
                isAnyUsed = true;
            }
            else if (media.Media == SDPMediaTypesEnum.video)
            {
                line.Stream ??= VideoStreamList.Find(
                    stream => stream.LocalTrack is not null && !lines.Exists(other => other.Stream == stream));
                if (line.Stream is null)
                {
                    continue;
                }

                if (!Agree(line, media, sdp))
                {
                    return SetDescriptionResultEnum.VideoIncompatible;
                }

                line.IsRefused = false;
                isAnyUsed = true;
            }
        }

        if (!isAnyUsed)
        {
            return SetDescriptionResultEnum.NoMatchingMediaType;
        }

        _lines.Clear();
        _lines.AddRange(lines);
        return SetDescriptionResultEnum.OK;
    }

    private SetDescriptionResultEnum TakeAnswer(SDP sdp)
    {
        for (var index = 0; index < sdp.Media.Count; index++)
        {
            var (line, media) = (_lines[index], sdp.Media[index]);
            line.Remote = media;
            line.IsRefused = media.Port == 0;
            if (line.Kind != media.Media)
            {
                return SetDescriptionResultEnum.NoMatchingMediaType;
            }

            if (!line.IsRefused && line.Stream is not null && !Agree(line, media, sdp))
            {
                return SetDescriptionResultEnum.VideoIncompatible;
            }
        }

        return SetDescriptionResultEnum.OK;
    }

    private static bool Agree(MediaLine line, SDPMediaAnnouncement media, SDP sdp)
    {
        if (line.Stream is not { LocalTrack: { } track } stream)
        {
            return false;
        }

        var direction = media.MediaStreamStatus ?? sdp.SessionMediaStreamStatus ?? MediaStreamStatusEnum.SendRecv;
        var agreement = VideoNegotiation.Agree(track, media, direction);
        if (agreement is null)
        {
            return false;
        }

        line.Agreement = agreement;
        stream.RemoteTrack = new MediaStreamTrack(
            SDPMediaTypesEnum.video, true, agreement.Formats, direction, media.SsrcAttributes)
        {
            Ssrc = agreement.RemoteSsrc,
        };
        return true;
    }

    /// <summary>Both descriptions are there: find the way, and prepare what goes over it.</summary>
    private void Activate(bool isOfferer)
    {
        var now = MonotonicClock.Now;
        var remote = currentRemoteDescription!.sdp;
        if (TransportDescription.Read(remote, !isOfferer, out var transport) != SetDescriptionResultEnum.OK)
        {
            return;
        }

        if (!_isActive)
        {
            _isActive = true;
            _wasOfferer = isOfferer;
            _ice.SetRole(isControlling: isOfferer || transport!.IsLite);
            IceRole = isOfferer
                ? transport!.Setup == IceRolesEnum.passive ? IceRolesEnum.active : IceRolesEnum.passive
                : currentLocalDescription!.sdp.Media.Find(media => media.IceRole is not null)?.IceRole ?? IceRolesEnum.active;
            sctp.IsDtlsClient = IceRole == IceRolesEnum.active;
        }

        _ice.SetPeer(transport!.Ufrag, transport.Password, now);
        foreach (var candidate in transport.Candidates)
        {
            AddRemoteNow(candidate, now);
        }

        foreach (var candidate in _earlyCandidates)
        {
            AddRemoteNow(candidate, now);
        }

        _earlyCandidates.Clear();
        ActivateData(now);
        ActivateVideo(now);
        _core.Secure(transport.Fingerprint, IceRole == IceRolesEnum.active, now);
        _ice.HandleTimeout(now);
        _core.AfterIceChange(now);
        Settle(now);
    }

    private void RestartOwnIce()
    {
        _ice.Restart();
        AddName(_ice.Local.Ufrag);
    }

    private string FreeMid()
    {
        var number = _lines.Count;
        while (_lines.Exists(line => line.Mid == number.ToString()))
        {
            number++;
        }

        return number.ToString();
    }

    private static uint NewSsrc() => (uint)Random.Shared.NextInt64(1, uint.MaxValue);
}
