namespace SIPSorcery.Net;

// Which pair is used, and what state that makes.
internal sealed partial class IceAgent
{
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
}
