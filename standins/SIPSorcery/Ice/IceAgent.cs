namespace SIPSorcery.Net;

/// <summary>
/// A full ICE agent for one component (RFC 8445) with trickle (RFC 8838) and consent (RFC 7675). It owns no socket and no
/// clock. It has one base, the peer connection's socket, so a pair is known by the peer's address.
/// </summary>
internal sealed partial class IceAgent
{
    /// <summary>Nothing heard for so long: disconnected. The same time as SIPSorcery's.</summary>
    public const long DisconnectedAfter = 8_000_000;

    /// <summary>No consent for so long: failed, and nothing is sent any more. The same time as SIPSorcery's.</summary>
    public const long FailedAfter = 16_000_000;

    private const int MostPairs = 100;
    private const int MostChecksUnderWay = 8;
    private const int MostPackets = 64;
    private const int MostEvents = 1024;
    private const long Pace = 5_000;
    private const long FirstWait = 100_000;
    private const long LongestWait = 1_600_000;
    private const long ConsentEvery = 2_500_000;
    private const long ConsentRetry = 500_000;

    private readonly Random _random;
    private readonly uint _tag;
    private readonly List<IcePair> _pairs = [];
    private readonly Queue<(byte[] Packet, int Length, NetAddress To)> _packets = new();
    private readonly Stack<byte[]> _spare = new();
    private readonly Queue<IceEvent> _events = new();
    private IceCredentials? _previousLocal;
    private ulong _tieBreaker;
    private long _lastSent = long.MinValue / 2;
    private long _startedAt = long.MaxValue;

    public IceAgent(bool isControlling, uint tag, Random random)
    {
        _random = random;
        _tag = tag;
        _tieBreaker = unchecked((ulong)random.NextInt64() * 2);
        IsControlling = isControlling;
        Local = IceCredentials.Create(random);
    }

    public bool IsControlling { get; private set; }

    public IceCredentials Local { get; private set; }

    public IceCredentials? Peer { get; private set; }

    public RTCIceConnectionState State { get; private set; } = RTCIceConnectionState.@new;

    /// <summary>Where packets go.</summary>
    public IcePair? Selected { get; private set; }

    /// <summary>Answers to checks arrive with this in their transaction number.</summary>
    public uint Tag => _tag;

    /// <summary>STUN packets that were not what they claimed to be.</summary>
    public long Refused { get; private set; }

    public IReadOnlyList<IcePair> Pairs => _pairs;

    public long NextTimeout { get; private set; } = long.MaxValue;

    /// <summary>The offerer controls, unless it is told otherwise.</summary>
    public void SetRole(bool isControlling)
    {
        if (IsControlling != isControlling)
        {
            IsControlling = isControlling;
            foreach (var pair in _pairs)
            {
                Rank(pair);
            }
        }
    }

    /// <summary>
    /// Takes the peer's credentials; new ones begin a new generation, while the old way is kept until a new one works.
    /// </summary>
    public void SetPeer(string ufrag, string password, long now)
    {
        if (Peer is { } known && known.Ufrag == ufrag && known.Password == password)
        {
            return;
        }

        var isRestart = Peer is not null;
        Peer = new IceCredentials(ufrag, password);
        if (isRestart)
        {
            _pairs.RemoveAll(pair => pair != Selected);
        }

        foreach (var pair in _pairs)
        {
            pair.Peer ??= Peer;
            pair.NextCheck = now;
        }

        if (_startedAt == long.MaxValue || isRestart)
        {
            _startedAt = now;
        }

        if (State is RTCIceConnectionState.@new or RTCIceConnectionState.failed)
        {
            Become(RTCIceConnectionState.checking);
        }

        Schedule(now);
    }

    /// <summary>New own credentials for a restart; the old ones stay valid until the peer uses the new.</summary>
    public void Restart()
    {
        _previousLocal = Local;
        Local = IceCredentials.Create(_random);
    }

    public void AddRemoteCandidate(NetAddress address, uint priority, RTCIceCandidateType type, long now)
    {
        if (address.IsNone || State == RTCIceConnectionState.closed)
        {
            return;
        }

        var pair = Find(address);
        if (pair is not null && pair.Local == Local)
        {
            // Known already as peer-reflexive: now its true kind is known as well.
            pair.RemotePriority = priority;
            pair.RemoteType = type;
            Rank(pair);
        }
        else
        {
            Add(address, priority, type, now);
        }

        Schedule(now);
    }

    public void Close()
    {
        Become(RTCIceConnectionState.closed);
        _pairs.Clear();
        _servers.Clear();
        _packets.Clear();
        NextTimeout = long.MaxValue;
    }

    /// <summary>True when a request to this user name is for this agent.</summary>
    public bool IsForUs(ReadOnlySpan<byte> username)
    {
        var colon = username.IndexOf((byte)':');
        var name = colon < 0 ? username : username[..colon];
        return name.SequenceEqual(Local.Name) || (_previousLocal is { } old && name.SequenceEqual(old.Name));
    }

    public bool TryPollEvent(out IceEvent happened) => _events.TryDequeue(out happened);

    public int PollPacket(Span<byte> buffer, out NetAddress to)
    {
        if (!_packets.TryDequeue(out var next))
        {
            to = default;
            return 0;
        }

        next.Packet.AsSpan(0, next.Length).CopyTo(buffer);
        to = next.To;
        if (_spare.Count < MostPackets)
        {
            _spare.Push(next.Packet);
        }

        return next.Length;
    }

    public void HandlePacket(ReadOnlySpan<byte> packet, NetAddress from, long now)
    {
        if (State == RTCIceConnectionState.closed || !StunMessage.TryRead(packet, out var message))
        {
            Refused++;
            return;
        }

        switch (message.Type)
        {
            case StunType.Request:
                HandleRequest(message, from, now);
                break;
            case StunType.Success or StunType.Error:
                HandleAnswer(message, from, now);
                break;
        }

        Schedule(now);
    }

    public void HandleTimeout(long now)
    {
        if (State == RTCIceConnectionState.closed)
        {
            return;
        }

        AskServers(now);
        Judge(now);
        if (now - _lastSent >= Pace && NextPair(now) is { } pair)
        {
            SendCheck(pair, IsControlling && pair.Nominated, now);
        }

        Schedule(now);
    }
}
