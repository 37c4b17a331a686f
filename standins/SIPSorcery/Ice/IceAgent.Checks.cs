namespace SIPSorcery.Net;

// The pairs, and when which is checked.
internal sealed partial class IceAgent
{
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
}
