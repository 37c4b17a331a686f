namespace SIPSorcery.Net;

/// <summary>
/// A full ICE agent for one component (RFC 8445) with trickle (RFC 8838) and consent (RFC 7675). It owns no socket and no
/// clock. It has one base, the peer connection's socket, so a pair is known by the peer's address.
/// </summary>
internal sealed class IceAgent
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
    private const int ServerAttempts = 6;

    private readonly Random _random;
    private readonly uint _tag;
    private readonly List<IcePair> _pairs = [];
    private readonly List<Server> _servers = [];
    private readonly Queue<(byte[] Packet, int Length, NetAddress To)> _packets = new();
    private readonly Stack<byte[]> _spare = new();
    private readonly Queue<IceEvent> _events = new();
    private IceCredentials? _previousLocal;
    private ulong _tieBreaker;
    private long _lastSent = long.MinValue / 2;
    private long _startedAt = long.MaxValue;
    private bool _gathering;

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

    /// <summary>Asks a STUN server how this socket looks from outside.</summary>
    public void AddServer(NetAddress address, long now)
    {
        _servers.Add(new Server { Address = address, NextAt = now });
        _gathering = true;
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

    private void HandleRequest(in StunMessage message, NetAddress from, long now)
    {
        var local = Local;
        var username = message.Username;
        var colon = username.IndexOf((byte)':');
        if (colon > 0 && _previousLocal is { } old && username[..colon].SequenceEqual(old.Name))
        {
            local = old;
        }
        else if (colon <= 0 || !username[..colon].SequenceEqual(Local.Name))
        {
            Refused++;
            return;
        }

        if (!message.HasIntegrity(local.Key))
        {
            Refused++;
            return;
        }

        if (HasRoleConflict(message, local, from))
        {
            return;
        }

        Answer(message.Transaction, local, from);
        if (State == RTCIceConnectionState.failed && Peer is not null)
        {
            // The peer is there after all: a person may have carried its description by hand.
            _startedAt = now;
            Become(RTCIceConnectionState.checking);
        }

        if (_previousLocal is not null && local == Local && Peer is not null)
        {
            // The peer has moved on to the new generation once it is connected there; the old one ends with it.
            _previousLocal = Selected?.Local == Local ? null : _previousLocal;
        }

        var pair = Find(from);
        var isNew = pair is null || (pair.Local != local && local == Local);
        if (isNew)
        {
            pair = Add(from, message.Priority ?? 0, RTCIceCandidateType.prflx, now);
            if (pair is null)
            {
                return;
            }
        }

        _events.Enqueue(new IceEvent(IceEventKind.Known, State, from));
        pair!.LastHeard = now;
        if (!pair.Works || pair.Unanswered > 0)
        {
            // A triggered check: the peer reaches us from there, so we most likely reach it too.
            pair.NextCheck = Math.Min(pair.NextCheck, pair.Works ? now + ConsentRetry : now);
        }

        if (message.UseCandidate && !IsControlling)
        {
            pair.Nominated = true;
            if (pair.Works)
            {
                ConsiderNominated(pair, now);
            }
        }

        Revive(now);
    }

    private bool HasRoleConflict(in StunMessage message, IceCredentials local, NetAddress from)
    {
        if (message.Controlling is { } controlling && IsControlling)
        {
            if (_tieBreaker >= controlling)
            {
                Refuse(message.Transaction, local, from);
                return true;
            }

            SetRole(false);
        }
        else if (message.Controlled is { } controlled && !IsControlling)
        {
            if (_tieBreaker < controlled)
            {
                Refuse(message.Transaction, local, from);
                return true;
            }

            SetRole(true);
        }

        return false;
    }

    private void HandleAnswer(in StunMessage message, NetAddress from, long now)
    {
        foreach (var server in _servers)
        {
            if (server.Transaction == message.Transaction && server.Address == from)
            {
                server.Done = true;
                if (message.Type == StunType.Success && !message.Mapped.IsNone)
                {
                    _events.Enqueue(new IceEvent(IceEventKind.Reflexive, State, message.Mapped));
                }

                return;
            }
        }

        var transaction = message.Transaction;
        var pair = _pairs.Find(candidate => candidate.Checks.Exists(check => check.Transaction == transaction));
        if (pair is null || pair.Peer is null || !message.HasIntegrity(pair.Peer.Key) || pair.Remote != from)
        {
            Refused++;
            return;
        }

        var nominates = pair.Checks.Find(check => check.Transaction == transaction).Nominates;
        pair.Checks.RemoveAll(check => check.Transaction == transaction);
        if (message.Type == StunType.Error)
        {
            if (message.Error == 487)
            {
                SetRole(!IsControlling);
                _tieBreaker = unchecked((ulong)_random.NextInt64() * 2);
                pair.NextCheck = now;
            }

            return;
        }

        pair.Checks.Clear();
        pair.Unanswered = 0;
        pair.LastAnswer = now;
        pair.LastHeard = now;
        _events.Enqueue(new IceEvent(IceEventKind.Known, State, from));
        var first = !pair.Works;
        pair.Works = true;
        pair.NextCheck = now + Jitter(ConsentEvery);
        if (IsControlling)
        {
            ConsiderWorking(pair, nominates, first, now);
        }
        else if (pair.Nominated)
        {
            ConsiderNominated(pair, now);
        }
        else if (Selected is null || IsStale(Selected))
        {
            // Good enough to send on until the other side has chosen.
            Select(pair, now);
        }

        Revive(now);
    }

    /// <summary>As the controlling side: use a pair at once when there is none, and tell the other side.</summary>
    private void ConsiderWorking(IcePair pair, bool nominates, bool first, long now)
    {
        if (pair == Selected)
        {
            if (!nominates && !pair.Nominated)
            {
                pair.Nominated = true;
                pair.NextCheck = now;
            }

            return;
        }

        var better = Selected is null || IsStale(Selected) || IsSilent(Selected, now) ||
            (first && pair.Priority > Selected.Priority && now - _startedAt < 1_000_000);
        if (better)
        {
            if (Selected is not null)
            {
                Selected.Nominated = false;
            }

            Select(pair, now);
            pair.Nominated = true;
            pair.NextCheck = now;
        }
    }

    private void ConsiderNominated(IcePair pair, long now)
    {
        if (pair != Selected && (Selected is null || IsStale(Selected) || !Selected.Nominated ||
            pair.Priority > Selected.Priority || IsSilent(Selected, now)))
        {
            Select(pair, now);
        }
    }

    /// <summary>True for a pair of the generation before a restart.</summary>
    private bool IsStale(IcePair pair) => pair.Local != Local || pair.Peer != Peer;

    private static bool IsSilent(IcePair pair, long now) => pair.Unanswered >= 3 && now - pair.LastAnswer > 1_500_000;

    private void Select(IcePair pair, long now)
    {
        if (Selected is { } before && IsStale(before))
        {
            _pairs.Remove(before);
        }

        Selected = pair;
        pair.LastAnswer = now;
        _events.Enqueue(new IceEvent(IceEventKind.Selected, State, pair.Remote));
        Become(RTCIceConnectionState.connected);
    }

    private void Revive(long now)
    {
        if (State == RTCIceConnectionState.disconnected && Selected is { } pair && now - pair.LastAnswer < DisconnectedAfter)
        {
            Become(RTCIceConnectionState.connected);
        }
    }

    private void Judge(long now)
    {
        if (Selected is { } pair)
        {
            var quiet = now - pair.LastAnswer;
            if (quiet >= FailedAfter)
            {
                Fail();
            }
            else if (quiet >= DisconnectedAfter && State == RTCIceConnectionState.connected)
            {
                Become(RTCIceConnectionState.disconnected);
            }
        }
        else if (State == RTCIceConnectionState.checking && now - _startedAt >= FailedAfter)
        {
            Fail();
        }
    }

    private void Fail()
    {
        Selected = null;
        foreach (var pair in _pairs)
        {
            pair.Works = false;
            pair.Nominated = false;
        }

        Become(RTCIceConnectionState.failed);
    }

    private void Become(RTCIceConnectionState state)
    {
        if (State != state && State != RTCIceConnectionState.closed)
        {
            State = state;
            if (_events.Count < MostEvents)
            {
                _events.Enqueue(new IceEvent(IceEventKind.State, state, default));
            }
        }
    }

    private IcePair? Find(NetAddress address) => _pairs.FindLast(pair => pair.Remote == address);

    private IcePair? Add(NetAddress address, uint priority, RTCIceCandidateType type, long now)
    {
        if (_pairs.Count >= MostPairs)
        {
            // Make room for what the peer just used by giving up the least promising.
            var victim = _pairs.Where(pair => pair != Selected && !pair.Works).MinBy(pair => pair.Priority);
            if (victim is null)
            {
                return null;
            }

            _pairs.Remove(victim);
        }

        var added = new IcePair(address, priority, type) { Local = Local, Peer = Peer, NextCheck = now };
        Rank(added);
        _pairs.Add(added);
        return added;
    }

    private void Rank(IcePair pair)
    {
        var own = OwnPriority(RTCIceCandidateType.host, pair.Remote);
        pair.Priority = IsControlling
            ? IcePriority.OfPair(own, pair.RemotePriority)
            : IcePriority.OfPair(pair.RemotePriority, own);
    }

    private static uint OwnPriority(RTCIceCandidateType type, NetAddress remote) =>
        IcePriority.OfCandidate(type, remote.IsIPv4 ? System.Net.IPAddress.Any : System.Net.IPAddress.IPv6Any);

    /// <summary>The pair whose check is due: the most promising first.</summary>
    private IcePair? NextPair(long now)
    {
        IcePair? best = null;
        foreach (var pair in _pairs)
        {
            if (NeedsChecks(pair, now) && pair.NextCheck <= now && (best is null || pair.Priority > best.Priority))
            {
                best = pair;
            }
        }

        return best;
    }

    private bool NeedsChecks(IcePair pair, long now)
    {
        if (pair.Peer is null || State is RTCIceConnectionState.failed or RTCIceConnectionState.closed)
        {
            return false;
        }

        if (Selected is null || pair == Selected || IsStale(Selected) || IsSilent(Selected, now))
        {
            return true;
        }

        // With a way found, others are tried a few times more, and answered when the peer asks.
        return pair.Unanswered < 4 && (!pair.Works || pair.Nominated);
    }

    private void SendCheck(IcePair pair, bool nominate, long now)
    {
        var transaction = new StunTransaction(_tag, unchecked((ulong)_random.NextInt64()));
        if (pair.Checks.Count >= MostChecksUnderWay)
        {
            pair.Checks.RemoveAt(0);
        }

        pair.Checks.Add((transaction, nominate));
        var wait = pair.Works && pair == Selected
            ? ConsentRetry
            : Math.Min(FirstWait << Math.Min(pair.Unanswered, 5), LongestWait);
        pair.Unanswered = Math.Min(pair.Unanswered + 1, 1000);
        pair.NextCheck = now + wait;
        _lastSent = now;

        var packet = Rent();
        var writer = new StunWriter(packet, StunType.Request, transaction);
        Span<byte> name = stackalloc byte[513];
        var peer = pair.Peer!;
        if (peer.Name.Length + pair.Local.Name.Length + 1 > 300)
        {
            return;
        }

        peer.Name.CopyTo(name);
        name[peer.Name.Length] = (byte)':';
        pair.Local.Name.CopyTo(name[(peer.Name.Length + 1)..]);
        writer.Add(StunAttribute.Username, name[..(peer.Name.Length + 1 + pair.Local.Name.Length)]);
        writer.Add(StunAttribute.Priority, OwnPriority(RTCIceCandidateType.prflx, pair.Remote));
        writer.Add(IsControlling ? StunAttribute.IceControlling : StunAttribute.IceControlled, _tieBreaker);
        if (nominate)
        {
            writer.Add(StunAttribute.UseCandidate, []);
        }

        Send(packet, writer.Finish(peer.Key), pair.Remote);
    }

    private void Answer(StunTransaction transaction, IceCredentials local, NetAddress to)
    {
        if (_packets.Count >= MostPackets)
        {
            Refused++;
            return;
        }

        var packet = Rent();
        var writer = new StunWriter(packet, StunType.Success, transaction);
        writer.AddMapped(to);
        Send(packet, writer.Finish(local.Key), to);
    }

    private void Refuse(StunTransaction transaction, IceCredentials local, NetAddress to)
    {
        if (_packets.Count < MostPackets)
        {
            var packet = Rent();
            var writer = new StunWriter(packet, StunType.Error, transaction);
            writer.AddError(487, "Role Conflict"u8);
            Send(packet, writer.Finish(local.Key), to);
        }
    }

    private void AskServers(long now)
    {
        if (!_gathering)
        {
            return;
        }

        foreach (var server in _servers)
        {
            if (server.Done || server.NextAt > now)
            {
                continue;
            }

            if (server.Attempts >= ServerAttempts)
            {
                server.Done = true;
                continue;
            }

            server.Transaction = server.Attempts == 0
                ? new StunTransaction(_tag, unchecked((ulong)_random.NextInt64()))
                : server.Transaction;
            server.NextAt = now + (200_000L << server.Attempts);
            server.Attempts++;
            var packet = Rent();
            var writer = new StunWriter(packet, StunType.Request, server.Transaction);
            Send(packet, writer.Finish([]), server.Address);
        }

        if (_servers.TrueForAll(server => server.Done))
        {
            _gathering = false;
            _events.Enqueue(new IceEvent(IceEventKind.GatheringDone, State, default));
        }
    }

    private byte[] Rent() => _spare.TryPop(out var packet) ? packet : new byte[640];

    private void Send(byte[] packet, int length, NetAddress to) => _packets.Enqueue((packet, length, to));

    private long Jitter(long time) => (long)(time * (0.8 + (0.4 * _random.NextDouble())));

    private void Schedule(long now)
    {
        var next = long.MaxValue;
        if (_gathering)
        {
            foreach (var server in _servers)
            {
                next = Math.Min(next, server.Done ? now : server.NextAt);
            }
        }

        foreach (var pair in _pairs)
        {
            if (NeedsChecks(pair, now))
            {
                next = Math.Min(next, Math.Max(pair.NextCheck, _lastSent + Pace));
            }
        }

        if (Selected is { } selected)
        {
            next = Math.Min(
                next,
                selected.LastAnswer + (State == RTCIceConnectionState.connected ? DisconnectedAfter : FailedAfter));
        }
        else if (State == RTCIceConnectionState.checking)
        {
            next = Math.Min(next, _startedAt + FailedAfter);
        }

        NextTimeout = Math.Max(next, now);
        if (next == long.MaxValue)
        {
            NextTimeout = long.MaxValue;
        }
    }

    private sealed class Server
    {
        public NetAddress Address { get; init; }

        public StunTransaction Transaction { get; set; }

        public long NextAt { get; set; }

        public int Attempts { get; set; }

        public bool Done { get; set; }
    }
}
