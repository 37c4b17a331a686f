using SIPSorcery.Net;

namespace SIPSorcery.Tests.Rtp;

/// <summary>
/// A sender and a receiver of video, joined by a network with faults, in virtual time. Everything follows from the seed.
/// </summary>
internal sealed class SimulatedSession : IDisposable
{
    public const uint Ssrc = 0x1111;
    const byte PayloadType = 102;
    const byte RtxPayloadType = 103;
    const long FrameMicros = 33_333;
    const int MostStepsAtOnce = 100_000;

    readonly Random _random;
    readonly H264Stream _stream;
    readonly FramePacketiser _packetiser = new();
    readonly PriorityQueue<(SimulatedPeer To, byte[] Datagram), (long At, long Order)> _network = new();
    readonly SimulatedNetwork _conditions;
    long _order;
    int _stepsAtOnce;
    long _queueFreeAt;
    long _nextFrameAt;
    bool _keyFrameWanted = true;
    uint _timestamp = 0xFFFF_0000; // wraps on the way

    public SimulatedSession(
        SimulatedNetwork conditions, int seed, bool rtx = true, bool nack = true, bool transportFeedback = true,
        SrtpProfile profile = SrtpProfile.AeadAes128Gcm, bool remb = false, ushort firstSequence = 32_700)
    {
        _conditions = conditions;
        _random = new Random(seed);
        _stream = new H264Stream(seed);
        var ids = new RtpExtensionIds(1, 2, (byte)(remb ? 0 : 3));
        var options = new MediaTransportOptions
        {
            Extensions = ids,
            TransportFeedback = transportFeedback,
            Remb = remb,
            UnixMicrosAtZero = 1_800_000_000_000_000,
            ReducedSize = seed % 2 == 0,
        };
        Sending = new SimulatedPeer(options);
        Receiving = new SimulatedPeer(options with { ReceiverSsrc = 77, Cname = "receiver" });
        Sending.Wire = datagram => Put(Receiving, datagram);
        Receiving.Wire = datagram => Put(Sending, datagram);
        var material = new byte[SrtpKeys.MaterialSize(profile)];
        _random.NextBytes(material);
        Sending.Transport.Secure(SrtpSession.FromDtls(profile, material, true), 0);
        Receiving.Transport.Secure(SrtpSession.FromDtls(profile, material, false), 0);

        Sender = Sending.Transport.AddSender(new VideoSenderOptions
        {
            Ssrc = Ssrc,
            RtxSsrc = rtx ? 0x2222u : 0,
            PayloadType = PayloadType,
            RtxPayloadType = rtx ? RtxPayloadType : (byte)0,
            Mid = "0",
            Nack = nack,
            FirstSequence = firstSequence,
        });
        Receiver = Receiving.Transport.AddReceiver(new VideoReceiverOptions
        {
            PayloadTypes = [PayloadType],
            RtxPayloadTypes = rtx ? new Dictionary<byte, byte> { [RtxPayloadType] = PayloadType } : [],
            Mid = "0",
            Nack = nack,
        });
        Sending.KeyFrameWanted = _ =>
        {
            KeyFrameRequests++;
            _keyFrameWanted = true;
        };
        Receiving.FrameReceived = frame => Arrived.Add((Now, frame));
    }

    public SimulatedPeer Sending { get; }
    public SimulatedPeer Receiving { get; }
    public VideoSender Sender { get; }
    public VideoReceiver Receiver { get; }
    public long Now { get; private set; } = 1_000_000;
    public int KeyFrameRequests { get; private set; }
    public int FrameSize { get; set; } = 5_000;
    public bool IgnoreKeyFrameRequests { get; set; }
    public Dictionary<uint, (long At, byte[] AccessUnit, bool IsKey, int Number)> Sent { get; } = [];
    public List<(long At, ReceivedFrame Frame)> Arrived { get; } = [];

    public void Run(double seconds)
    {
        var end = Now + (long)(seconds * 1e6);
        _nextFrameAt = Math.Max(_nextFrameAt, Now);
        while (Now < end)
        {
            var next = Math.Min(Sending.Transport.NextTimeout(), Receiving.Transport.NextTimeout());
            next = Math.Min(next, Math.Min(_nextFrameAt, end));
            if (_network.TryPeek(out _, out var first))
                next = Math.Min(next, first.At);
            _stepsAtOnce = next > Now ? 0 : _stepsAtOnce + 1;
            Assert.True(_stepsAtOnce < MostStepsAtOnce, "what is due is not done");
            Now = Math.Max(Now, next);
            while (_network.TryPeek(out var delivery, out var due) && due.At <= Now)
            {
                _network.Dequeue();
                delivery.To.Transport.Receive(delivery.Datagram, Now);
            }
            Sending.Transport.Tick(Now);
            Receiving.Transport.Tick(Now);
            if (Now >= _nextFrameAt)
                SendFrame();
        }
    }

    /// <summary>Frames that came must be those that were sent, in order, and each decodable after the one before it.</summary>
    public void AssertDecodable()
    {
        var previous = -1;
        foreach (var (_, frame) in Arrived)
        {
            var (_, accessUnit, isKey, number) = Sent[frame.Timestamp];
            Assert.True(accessUnit.AsSpan().SequenceEqual(frame.AccessUnit), $"frame {number} is not what was sent");
            Assert.Equal(isKey, frame.IsKeyFrame);
            Assert.True(isKey ? number > previous : number == previous + 1, $"frame {number} cannot follow {previous}");
            previous = number;
        }
    }

    public void Dispose()
    {
        Sending.Transport.Dispose();
        Receiving.Transport.Dispose();
    }

    void SendFrame()
    {
        _nextFrameAt += FrameMicros;
        _timestamp += 3_000;
        var isKey = Sent.Count == 0 || (IgnoreKeyFrameRequests ? Sent.Count % 60 == 0 : _keyFrameWanted);
        var slices = 1 + Sent.Count % 3;
        var accessUnit = isKey ? _stream.KeyFrame(4 * FrameSize, slices)
            : _stream.DeltaFrame(_random.Next(20, 2 * FrameSize), slices);
        _keyFrameWanted = false;
        Sent[_timestamp] = (Now, accessUnit, isKey, Sent.Count);
        var frame = _packetiser.Packetise(accessUnit, 1100);
        Sender.SendFrame(frame, _timestamp, Now);
        frame.Release();
    }

    void Put(SimulatedPeer to, ReadOnlySpan<byte> datagram)
    {
        if (_random.NextDouble() < _conditions.Loss || Now >= _conditions.BlackoutFrom && Now < _conditions.BlackoutTo)
            return;
        var at = Now + _conditions.DelayMicros;
        if (_conditions.BitsPerSecond > 0 && to == Receiving)
        {
            _queueFreeAt = Math.Max(_queueFreeAt, Now) + (long)(datagram.Length * 8 * 1e6 / _conditions.BitsPerSecond);
            if (_queueFreeAt - Now > 500_000)
            {
                _queueFreeAt -= (long)(datagram.Length * 8 * 1e6 / _conditions.BitsPerSecond);
                return;
            }
            at += _queueFreeAt - Now;
        }
        if (_conditions.JitterMicros > 0)
            at += _random.NextInt64(_conditions.JitterMicros);
        if (_random.NextDouble() < _conditions.Reordered)
            at += 8_000;
        _network.Enqueue((to, datagram.ToArray()), (at, _order++));
        if (_random.NextDouble() < _conditions.Duplicated)
            _network.Enqueue((to, datagram.ToArray()), (at + 3_000, _order++));
    }
}
