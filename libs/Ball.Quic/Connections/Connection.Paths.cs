using System.Security.Cryptography;
using Ball.Quic.Packets;
using Ball.Quic.Recovery;

namespace Ball.Quic.Connections;

// Paths: validation and migration (RFC 9000, sections 8.2 and 9).
sealed partial class Connection
{
    private const int MaxPaths = 4;
    private const int MaxChallenges = 3;

    private readonly List<NetworkPath> paths = [];
    private NetworkPath active;

    // Null when the datagram is to be dropped: nobody moves during the handshake.
    private NetworkPath? PathOf(PeerAddress from)
    {
        foreach (var path in paths)
        {
            if (path.Remote == from)
                return path;
        }

        if (!isServer || !recovery.HandshakeConfirmed)
            return null;
        if (paths.Count >= MaxPaths)
        {
            int oldest = paths.FindIndex(path => path != active && !path.IsValidated);
            if (oldest < 0)
                oldest = paths.FindIndex(path => path != active);
            paths.RemoveAt(oldest);
        }

        var added = new NetworkPath(from);
        paths.Add(added);
        return added;
    }

    private void Migrate(NetworkPath path, long now)
    {
        bool sameHost = path.Remote.Ip == active.Remote.Ip;
        active = path;
        if (!path.IsValidated)
            StartChallenge(path, now);
        if (!sameHost)
            recovery.OnNewPath();
        if (peerIds.TryAdvance())
            QueueRetired();
    }

    private void StartChallenge(NetworkPath path, long now)
    {
        Span<byte> random = stackalloc byte[8];
        RandomNumberGenerator.Fill(random);
        path.Challenge = BitConverter.ToUInt64(random);
        path.ChallengePending = true;
        path.ChallengesSent++;
        path.ChallengeDeadline = now + 3 * Math.Max(recovery.ProbeTimeout, RttEstimate.Granularity);
    }

    private void OnPathResponse(ulong data)
    {
        foreach (var path in paths)
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
        for (int i = paths.Count - 1; i >= 0; i--)
        {
            var path = paths[i];
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
            if (path == active && paths.FindLast(other => other.IsValidated) is { } proven)
                active = proven;
            if (path != active)
                paths.RemoveAt(i);
        }
    }

    private void OfferIds()
    {
        while (localIds.TryAdd(peer!.ActiveConnectionIdLimit, out long sequence))
            Queue(SentKind.NewConnectionId, sequence);
    }

    private void QueueRetired()
    {
        while (peerIds.TryTakeRetired(out long sequence))
            Queue(SentKind.RetireConnectionId, sequence);
    }
}
