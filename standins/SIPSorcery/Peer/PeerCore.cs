using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Net;

/// <summary>
/// Everything between a socket and the API for one peer: ICE finds the way, DTLS secures it, SCTP carries data and SRTP
/// carries media. It owns no socket, thread or clock.
/// </summary>
/// <remarks>After every call that may have changed something: <see cref="Flush"/>, then look at events and time-outs.</remarks>
internal sealed class PeerCore : IMediaTransportOwner, IDisposable
{
    private const int MostEarlyPackets = 4;
    private const int MostEvents = 4096;
    private const int MostFrames = 120;
    private const long KeyFrameRetry = 500_000;
    private const int LargestDatagram = 1500;
    private const int LargestSctpPacket = 1160;
    private const int LargestPlainRecord = 1 << 14;

    private readonly IDatagramSink _sink;
    private readonly DtlsCertificate _certificate;
    private readonly Queue<PeerEvent> _events = new();
    private readonly List<byte[]> _early = [];
    private readonly byte[] _plain = new byte[LargestPlainRecord];
    private RTCDtlsFingerprint? _expected;
    private bool _isDtlsClient;
    private bool _isSecured;
    private bool _isEnded;
    private int _waitingFrames;
    private bool _skipsFrames;
    private long _now;
    private long _refused;
    private long _keyFrameAskedAt = long.MinValue / 2;

    public PeerCore(IDatagramSink sink, IceAgent ice, DtlsCertificate certificate)
    {
        _sink = sink;
        _certificate = certificate;
        Ice = ice;
    }

    public IceAgent Ice { get; }

    public DtlsSession? Dtls { get; private set; }

    public SctpAssociation? Sctp { get; private set; }

    /// <summary>The data channels on the association; its events are to be polled here.</summary>
    public DataChannels? Data { get; private set; }

    public MediaTransport? Media { get; private set; }

    /// <summary>Report each RTP packet, which costs a copy.</summary>
    public bool ReportsRtp { get; set; }

    /// <summary>Report each RTCP datagram, which costs a copy.</summary>
    public bool ReportsRtcp { get; set; }

    /// <summary>Packets that were not what they should be, or came before anything could be done with them.</summary>
    public long Refused => _refused + (Dtls?.Refused ?? 0);

    /// <summary>Frames that the application was too slow to take.</summary>
    public long FramesDropped { get; private set; }

    public long NextTimeout => _isEnded
        ? long.MaxValue
        : Math.Min(
            Math.Min(Ice.NextTimeout, Dtls?.NextTimeout ?? long.MaxValue),
            Math.Min(Sctp?.NextTimeout ?? long.MaxValue, Media?.NextTimeout() ?? long.MaxValue));

    /// <summary>Says who the peer should be and who starts the handshake, which begins as soon as there is a way.</summary>
    public void Secure(RTCDtlsFingerprint expected, bool isClient, long now)
    {
        if (_expected is null)
        {
            _expected = expected;
            _isDtlsClient = isClient;
            StartDtls(now);
        }
    }

    /// <summary>Prepares for data channels; the association begins when the handshake is done.</summary>
    public void EnableData(SctpOptions options, long now)
    {
        if (Sctp is null && !_isEnded)
        {
            Sctp = new SctpAssociation(options with { MaxPacketSize = LargestSctpPacket });
            Data = new DataChannels(Sctp);
            if (_isSecured)
            {
                Sctp.Connect(now);
            }
        }
    }

    /// <summary>Prepares for media; it flows when the handshake is done.</summary>
    public MediaTransport EnableMedia(MediaTransportOptions options, long now)
    {
        if (Media is null)
        {
            Media = new MediaTransport(this, options);
            SecureMedia(now);
        }

        return Media;
    }

    public void HandlePacket(Span<byte> packet, NetAddress from, long now)
    {
        if (packet.Length == 0 || _isEnded)
        {
            return;
        }

        _now = now;
        switch (packet[0])
        {
            case < 4:
                Ice.HandlePacket(packet, from, now);
                AfterIce(now);
                break;
            case >= 20 and < 64:
                HandleDtls(packet, now);
                break;
            case >= 128 and < 192 when Media is { IsSecure: true } media:
                media.Receive(packet, now);
                break;
            default:
                _refused++;
                break;
        }
    }

    public void HandleTimeout(long now)
    {
        if (_isEnded)
        {
            return;
        }

        _now = now;

        if (Ice.NextTimeout <= now)
        {
            Ice.HandleTimeout(now);
            AfterIce(now);
        }

        if (Dtls is { } dtls && dtls.NextTimeout <= now)
        {
            dtls.HandleTimeout(now);
            AfterDtls(now);
        }

        if (Sctp is { } sctp && sctp.NextTimeout <= now)
        {
            sctp.HandleTimeout(now);
        }

        if (Media is { } media && media.NextTimeout() <= now)
        {
            media.Tick(now);
        }
    }

    /// <summary>Sends what is to be sent.</summary>
    public void Flush(long now)
    {
        while (true)
        {
            var room = _sink.Rent(LargestDatagram);
            var length = Ice.PollPacket(room, out var to);
            _sink.Send(length, to);
            if (length == 0)
            {
                break;
            }
        }

        if (Ice.Selected is not { } selected || Dtls is null)
        {
            return;
        }

        SendDtls(selected.Remote);
        while (Sctp is not null && _isSecured && Dtls.State == DtlsState.Connected)
        {
            var length = Sctp.PollPacket(_plain, now);
            if (length == 0)
            {
                break;
            }

            Dtls.Write(_plain.AsSpan(0, length));
            SendDtls(selected.Remote);
        }
    }

    public bool HasEvents => _events.Count > 0 || Data is { HasEvents: true };

    public bool TryPollEvent(out PeerEvent happened)
    {
        if (!_events.TryDequeue(out happened))
        {
            return false;
        }

        if (happened.Kind == PeerEventKind.Frame)
        {
            _waitingFrames--;
        }

        return true;
    }

    /// <summary>Tells the peer that this is the end.</summary>
    public void Close(long now)
    {
        if (_isEnded)
        {
            return;
        }

        if (Media is { IsSecure: true } media)
        {
            media.SendBye(now);
        }

        if (Sctp is { } sctp)
        {
            sctp.Abort();
        }

        Flush(now);
        Dtls?.Close();
        Flush(now);
        End();
    }

    public void Dispose()
    {
        End();
        Media?.Dispose();
        Dtls?.Dispose();
    }

    Span<byte> IMediaTransportOwner.RentDatagram(int size) => _sink.Rent(size);

    void IMediaTransportOwner.Send(int length) =>
        _sink.Send(Ice.Selected is null ? 0 : length, Ice.Selected?.Remote ?? default);

    void IMediaTransportOwner.OnFrame(VideoReceiver receiver, in ReceivedFrame frame)
    {
        // Who does not take frames loses whole ones, up to the next that stands for itself.
        if (_waitingFrames >= MostFrames || (_skipsFrames && !frame.IsKeyFrame))
        {
            _skipsFrames = true;
            FramesDropped++;
            if (_waitingFrames < MostFrames)
            {
                AskForKeyFrame(receiver);
            }

            return;
        }

        _skipsFrames = false;
        _waitingFrames++;
        _events.Enqueue(new PeerEvent(PeerEventKind.Frame, Receiver: receiver, Frame: frame));
    }

    void IMediaTransportOwner.OnRtp(VideoReceiver? receiver, in RtpPacketView view, ReadOnlySpan<byte> packet)
    {
        if (ReportsRtp && receiver is not null)
        {
            Add(new PeerEvent(PeerEventKind.Rtp, Receiver: receiver, Packet: new RTPPacket(view, packet)));
        }
    }

    void IMediaTransportOwner.OnRtcp(ReadOnlySpan<byte> datagram, bool sent)
    {
        if (ReportsRtcp)
        {
            Add(new PeerEvent(
                sent ? PeerEventKind.RtcpSent : PeerEventKind.RtcpReceived, Rtcp: datagram.ToArray()));
        }
    }

    void IMediaTransportOwner.OnKeyFrameWanted(VideoSender sender)
    {
        // Applications see the request itself among the RTCP reports.
    }

    void IMediaTransportOwner.OnTargetBitrate(long bitsPerSecond)
    {
        // Applications follow the feedback itself, as with SIPSorcery.
    }

    void IMediaTransportOwner.OnBye(uint ssrc) => Add(new PeerEvent(PeerEventKind.Bye));

    private void AskForKeyFrame(VideoReceiver receiver)
    {
        if (receiver.Options.Pli && _now - _keyFrameAskedAt >= KeyFrameRetry)
        {
            _keyFrameAskedAt = _now;
            var own = Media!.Senders.Count > 0 ? Media.Senders[0].Options.Ssrc : 1;
            Media.SendRtcp(new RTCPFeedback(own, receiver.Ssrc, PSFBFeedbackTypesEnum.PLI).GetBytes());
        }
    }

    private void Add(in PeerEvent happened)
    {
        if (_events.Count < MostEvents)
        {
            _events.Enqueue(happened);
        }
    }

    private void AfterIce(long now)
    {
        while (Ice.TryPollEvent(out var happened))
        {
            switch (happened.Kind)
            {
                case IceEventKind.State:
                    Add(new PeerEvent(PeerEventKind.IceState, happened.State));
                    break;
                case IceEventKind.Selected:
                    Add(new PeerEvent(PeerEventKind.Destination, Address: happened.Address));
                    StartDtls(now);
                    break;
                case IceEventKind.Known:
                    Known?.Invoke(happened.Address);
                    break;
                case IceEventKind.Reflexive:
                    Add(new PeerEvent(PeerEventKind.Reflexive, Address: happened.Address));
                    break;
                case IceEventKind.GatheringDone:
                    Add(new PeerEvent(PeerEventKind.GatheringDone));
                    break;
            }
        }
    }

    /// <summary>Called at once with each address that has shown that it knows our password.</summary>
    public Action<NetAddress>? Known { get; set; }

    /// <summary>Takes up what the agent decided in a call that did not come through here.</summary>
    public void AfterIceChange(long now) => AfterIce(now);

    private void StartDtls(long now)
    {
        if (Dtls is not null || _expected is null || Ice.Selected is null || _isEnded)
        {
            return;
        }

        Dtls = new DtlsSession(_certificate, _isDtlsClient, _expected);
        if (_isDtlsClient)
        {
            Dtls.Start(now);
        }

        foreach (var packet in _early)
        {
            Dtls.HandlePacket(packet, now);
        }

        _early.Clear();
        AfterDtls(now);
    }

    private void HandleDtls(ReadOnlySpan<byte> packet, long now)
    {
        if (Dtls is null)
        {
            // The peer was quicker than its description, or than our own check.
            if (_early.Count < MostEarlyPackets)
            {
                _early.Add(packet.ToArray());
            }
            else
            {
                _refused++;
            }

            return;
        }

        var wasSecured = _isSecured;
        Dtls.HandlePacket(packet, now);
        if (!AfterDtls(now) && wasSecured && packet[0] == DtlsSession.ApplicationData)
        {
            // Forged, or sent again by somebody.
            _refused++;
        }
    }

    /// <summary>Takes up what the session became; true when it had data of the peer.</summary>
    private bool AfterDtls(long now)
    {
        if (Dtls is not { } dtls)
        {
            return false;
        }

        if (dtls.State == DtlsState.Connected && !_isSecured)
        {
            _isSecured = true;
            SecureMedia(now);
            Sctp?.Connect(now);
            Add(new PeerEvent(PeerEventKind.Secured));
        }

        var hadData = false;
        for (int length; (length = dtls.Read(_plain)) > 0; hadData = true)
        {
            Sctp?.HandlePacket(_plain.AsSpan(0, length), now);
        }

        if (dtls.State == DtlsState.Failed)
        {
            Flush(now);
            End();
            Add(new PeerEvent(PeerEventKind.SecurityFailed, Text: dtls.Failure));
        }
        else if (dtls.State == DtlsState.Closed)
        {
            Flush(now);
            End();
            Add(new PeerEvent(PeerEventKind.PeerClosed));
        }

        return hadData;
    }

    private void SecureMedia(long now)
    {
        if (!_isSecured || Media is not { IsSecure: false } media || Dtls is not { SrtpProfile: > 0 } dtls)
        {
            return;
        }

        var profile = (SrtpProfile)dtls.SrtpProfile;
        Span<byte> material = stackalloc byte[SrtpKeys.MaterialSize(profile)];
        dtls.ExportSrtpKeys(material);
        media.Secure(SrtpSession.FromDtls(profile, material, dtls.IsClient), now);
        material.Clear();
    }

    private void SendDtls(NetAddress to)
    {
        while (true)
        {
            var room = _sink.Rent(LargestDatagram);
            var length = Dtls!.PollPacket(room);
            _sink.Send(length, to);
            if (length == 0)
            {
                return;
            }
        }
    }

    private void End()
    {
        _isEnded = true;
        Ice.Close();
    }
}
