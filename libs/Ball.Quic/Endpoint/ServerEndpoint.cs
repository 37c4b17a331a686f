using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ball.Quic.Connections;
using Ball.Quic.Packets;
using Ball.Quic.Tls;

namespace Ball.Quic.Endpoint;

/// <summary>
/// A server without socket, thread or clock: finds each datagram's connection, makes new ones, and answers what has none.
/// <see cref="Route"/> is for one thread; connections may come and go from others.
/// </summary>
sealed class ServerEndpoint(EndpointOptions options, Func<ITlsHandshake> newHandshake) : IConnectionIds, IDisposable
{
    /// <summary>The most that an answer without a connection takes.</summary>
    public const int MaxAnswer = 256;

    private const int MinInitialDatagram = 1200;
    private const int MinInitialId = 8;

    private readonly ConcurrentDictionary<ConnectionId, Connection> _byId = new();
    private readonly RetryTokens _tokens = new();
    private readonly byte[] _resetKey = RandomNumberGenerator.GetBytes(32);
    private long _resetsCountedFrom;
    private int _resets;
    private int _handshakes;
    private int _connections;

    /// <summary>Connections that are not over.</summary>
    public int ConnectionCount => _connections;

    public int IdCount => _byId.Count;

    /// <summary>
    /// Finds the connection that has to receive the datagram, or makes it. Null when there is none; then there may be an
    /// answer to be sent back.
    /// </summary>
    public Connection? Route(ReadOnlySpan<byte> datagram, PeerAddress from, long now, Span<byte> answer, out int answerLength)
    {
        answerLength = 0;
        if (!PacketHeader.TryRead(datagram, out var header))
            return null;
        if (_byId.TryGetValue(header.Destination, out var connection))
            return connection;

        switch (header.Type)
        {
            case PacketType.VersionNegotiation:
                // Version 0 is itself a negotiation; answering it could make two servers talk for ever.
                if (header.Version != 0 && datagram.Length >= MinInitialDatagram)
                    answerLength = StatelessAnswers.VersionNegotiation(answer, header);
                return null;
            case PacketType.OneRtt:
                if (MayReset(now))
                    answerLength = StatelessAnswers.Reset(answer, datagram.Length, ResetTokenOf(header.Destination));
                return null;
            case PacketType.Initial:
                return datagram.Length >= MinInitialDatagram && header.Destination.Length >= MinInitialId
                    ? Accept(header, from, now, answer, out answerLength)
                    : null;
            default:
                return null;
        }
    }

    /// <summary>A connection has ended and is not counted any more.</summary>
    public void Forget() => Interlocked.Decrement(ref _connections);

    public ConnectionId Add(Connection connection)
    {
        while (true)
        {
            var id = ConnectionId.Random(PacketHeader.LocalIdLength);
            if (_byId.TryAdd(id, connection))
                return id;
        }
    }

    public void Remove(in ConnectionId id) => _byId.TryRemove(id, out _);

    public void AddInitial(in ConnectionId id, Connection connection)
    {
        _byId[id] = connection;
        Interlocked.Increment(ref _handshakes);
    }

    public void RemoveInitial(in ConnectionId id)
    {
        _byId.TryRemove(id, out _);
        Interlocked.Decrement(ref _handshakes);
    }

    public byte[] ResetTokenOf(in ConnectionId id) => HMACSHA256.HashData(_resetKey, id.ToArray())[..16];

    public void Dispose() => _tokens.Dispose();

    private Connection? Accept(
        in PacketHeader header, PeerAddress from, long now, Span<byte> answer, out int answerLength)
    {
        answerLength = 0;
        ConnectionId? original = null;
        if (header.Token.Length > 0 && _tokens.TryRead(header.Token, from, now, out var proven))
            original = proven;
        else if (_handshakes >= options.RetryFrom)
        {
            answerLength = StatelessAnswers.Retry(answer, header, _tokens.Make(from, header.Destination, now));
            return null;
        }

        if (_connections >= options.MaxConnections)
            return null;
        Interlocked.Increment(ref _connections);
        return Connection.Accept(
            options.Connection, newHandshake(), this, from, header.Source, header.Destination, original, now);
    }

    private bool MayReset(long now)
    {
        if (now - _resetsCountedFrom > 1_000_000)
        {
            _resetsCountedFrom = now;
            _resets = 0;
        }

        return _resets++ < options.ResetsPerSecond;
    }
}
