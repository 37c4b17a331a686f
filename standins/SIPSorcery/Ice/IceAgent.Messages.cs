namespace SIPSorcery.Net;

// Requests and answers from the network.
internal sealed partial class IceAgent
{
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
}
