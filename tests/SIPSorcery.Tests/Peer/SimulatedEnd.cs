using SIPSorcery.Net;
using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Peer;

/// <summary>One peer of a <see cref="SimulatedWorld"/>: the core that the product runs, with what it reported.</summary>
internal sealed class SimulatedEnd : IDatagramSink
{
    private readonly SimulatedWorld _world;
    private readonly byte[] _room = new byte[2048];
    private readonly bool _isOfferer;

    public SimulatedEnd(SimulatedWorld world, NetAddress address, bool isOfferer, Random random)
    {
        _world = world;
        Address = address;
        _isOfferer = isOfferer;
        Ice = new IceAgent(isOfferer, (uint)random.Next(), random);
        Core = new PeerCore(this, Ice, Certificate);
    }

    public NetAddress Address { get; set; }

    public DtlsCertificate Certificate { get; } = DtlsCertificate.Create(DateTimeOffset.UtcNow);

    public IceAgent Ice { get; }

    public PeerCore Core { get; }

    public List<PeerEvent> Events { get; } = [];

    public List<DataChannelCore> Channels { get; } = [];

    public List<byte[]> Messages { get; } = [];

    public List<ReceivedFrame> Frames { get; } = [];

    public VideoSender? Sender { get; private set; }

    /// <summary>Whether what the core reports is taken at once; where it is not, it stays there.</summary>
    public bool TakesEvents { get; set; } = true;

    public bool IsSecured => Events.Exists(happened => happened.Kind == PeerEventKind.Secured);

    public List<RTCIceConnectionState> IceStates =>
        [.. Events.Where(happened => happened.Kind == PeerEventKind.IceState).Select(happened => happened.IceState)];

    public void Connect(SimulatedEnd peer, RTCDtlsFingerprint expected)
    {
        var now = _world.Now;
        Ice.SetPeer(peer.Ice.Local.Ufrag, peer.Ice.Local.Password, now);
        Ice.AddRemoteCandidate(peer.Address, 1000, RTCIceCandidateType.host, now);
        Core.EnableData(new SctpOptions(), now);
        Core.Data!.UseIds(even: !_isOfferer, now);
        var media = Core.EnableMedia(new MediaTransportOptions { ReceiverSsrc = _isOfferer ? 11u : 22u }, now);
        if (_isOfferer)
        {
            Sender = media.AddSender(new VideoSenderOptions { Ssrc = 1, PayloadType = 96, RtxSsrc = 2, RtxPayloadType = 97 });
        }
        else
        {
            media.AddReceiver(new VideoReceiverOptions
            {
                PayloadTypes = [96], RtxPayloadTypes = new Dictionary<byte, byte> { [97] = 96 }, Ssrc = 1, RtxSsrc = 2,
            });
        }

        Core.Secure(expected, isClient: !_isOfferer, now);
        Settle();
    }

    public void Receive(byte[] packet, NetAddress from)
    {
        Core.HandlePacket(packet, from, _world.Now);
        Settle();
    }

    public void RunDue()
    {
        if (Core.NextTimeout <= _world.Now)
        {
            Core.HandleTimeout(_world.Now);
            Settle();
        }
    }

    public void Send(DataChannelCore channel, byte[] message)
    {
        Assert.Equal(SctpSendResult.Accepted, Core.Data!.SendBinary(channel, message, _world.Now));
        Settle();
    }

    public void Settle()
    {
        Core.AfterIceChange(_world.Now);
        Core.Flush(_world.Now);
        while (TakesEvents && Core.TryPollEvent(out var happened))
        {
            Events.Add(happened);
            if (happened.Kind == PeerEventKind.Frame)
            {
                Frames.Add(happened.Frame);
            }
        }

        while (TakesEvents && Core.Data is { } data && data.TryPollEvent(out var happened, _world.Now))
        {
            switch (happened.Kind)
            {
                case DataChannelEventKind.Opened or DataChannelEventKind.Accepted:
                    Channels.Add(happened.Channel!);
                    break;
                case DataChannelEventKind.Message:
                    Messages.Add(happened.Data!);
                    break;
            }
        }

        Core.Flush(_world.Now);
    }

    Span<byte> IDatagramSink.Rent(int size) => _room;

    void IDatagramSink.Send(int length, NetAddress to)
    {
        if (length > 0)
        {
            _world.Send(_room.AsSpan(0, length), Address, to);
        }
    }
}
