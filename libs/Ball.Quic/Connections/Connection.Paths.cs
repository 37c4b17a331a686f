using System.Security.Cryptography;
using Ball.Quic.Packets;
using Ball.Quic.Recovery;

namespace Ball.Quic.Connections;

// Paths: validation and migration (RFC 9000, sections 8.2 and 9).
sealed partial class Connection
{
    private const int MaxPaths = 4;
    private const int MaxChallenges = 3;

    private readonly List<NetworkPath> _paths = [];
    private NetworkPath _active;

    // Null when the datagram is to be dropped: nobody moves during the handshake.
    private NetworkPath? PathOf(PeerAddress from)
    {
        foreach (var path in _paths)
        {
            if (path.Remote == from)
                return path;
        }

        if (!_isServer || !_recovery.HandshakeConfirmed)
            return null;
        if (_paths.Count >= MaxPaths)
        {
            int oldest = _paths.FindIndex(path => path != _active && !path.IsValidated);
            if (oldest < 0)
                oldest = _paths.FindIndex(path => path != _active);
            _paths.RemoveAt(oldest);
        }

        var added = new NetworkPath(from);
        _paths.Add(added);
        return added;
    }

    private void Migrate(NetworkPath path, long now)
    {
        bool sameHost = path.Remote.Ip == _active.Remote.Ip;
        _active = path;
        if (!path.IsValidated)
            StartChallenge(path, now);
        if (!sameHost)
            _recovery.OnNewPath();
        if (_peerIds.TryAdvance())
            QueueRetired();
    }

    private void StartChallenge(NetworkPath path, long now)
    {
        Span<byte> random = stackalloc byte[8];
        RandomNumberGenerator.Fill(random);
        path.Challenge = BitConverter.ToUInt64(random);
        path.ChallengePending = true;
        path.ChallengesSent++;
        path.ChallengeDeadline = now + 3 * Math.Max(_recovery.ProbeTimeout, RttEstimate.Granularity);
    }

    private void OnPathResponse(ulong data)
    {
        foreach (var path in _paths)
        {
            if (path.IsValidated || path.ChallengesSent == 0 || path.Challenge != data)
                continue;
            path.IsValidated = true;
            path.ChallengePending = false;
            path.ChallengeDeadline = long.MaxValue;
        }
    }

    private void CheckPaths(long now)
    {
        for (int i = _paths.Count - 1; i >= 0; i--)
        {
            var path = _paths[i];
            if (path.ChallengeDeadline > now)
                continue;
            if (path.ChallengesSent < MaxChallenges)
            {
                StartChallenge(path, now);
                continue;
            }

            // Nobody there: back to where the peer was, if that is known.
            path.ChallengeDeadline = long.MaxValue;
            path.ChallengePending = false;
            if (path == _active && _paths.FindLast(other => other.IsValidated) is { } proven)
                _active = proven;
            if (path != _active)
                _paths.RemoveAt(i);
        }
    }

    private void OfferIds()
    {
        while (_localIds.TryAdd(_peer!.ActiveConnectionIdLimit, out long sequence))
            Queue(SentKind.NewConnectionId, sequence);
    }

    private void QueueRetired()
    {
        while (_peerIds.TryTakeRetired(out long sequence))
            Queue(SentKind.RetireConnectionId, sequence);
    }
}
