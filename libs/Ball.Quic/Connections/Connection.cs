using Ball.Quic.Packets;
using Ball.Quic.Recovery;
using Ball.Quic.Streams;
using Ball.Quic.Tls;

namespace Ball.Quic.Connections;

/// <summary>
/// A QUIC connection without socket, thread or clock: datagrams and the time go in, datagrams and the next time-out come
/// out. One thread at a time. After every call: take all events, then send until there is nothing to send, then ask for
/// the next time-out.
/// </summary>
sealed partial class Connection : ITlsEvents, IFrameFate, IDisposable
{
    private readonly ConnectionOptions _options;
    private readonly bool _isServer;
    private readonly ITlsHandshake _tls;
    private readonly PacketSpace[] _spaces =
    [
        new(EncryptionLevel.Initial), new(EncryptionLevel.Handshake), new(EncryptionLevel.Application)
    ];

    private readonly LossRecovery _recovery;
    private readonly PeerIds _peerIds;
    private readonly LocalIds _localIds;
    private readonly ConnectionId _localFirst;
    private readonly Queue<ConnectionEvent> _events = new();
    private readonly IConnectionIds _registry;
    private ConnectionId? _initialDestination;
    private TransportParameters _local;
    private TransportParameters? _peer;
    private readonly long _startedAt;
    private long _lastReceivedAt;
    private long _idleSince;
    private bool _elicitedSinceReceive;
    private bool _pingPending;
    private bool _keepAliveSent;

    private Connection(
        bool isServer, ConnectionOptions options, ITlsHandshake tls, IConnectionIds registry,
        PeerAddress remote, in ConnectionId peerId, long now)
    {
        _isServer = isServer;
        _options = options;
        _tls = tls;
        _registry = registry;
        _recovery = new LossRecovery(_spaces, this, options.PacketSize);
        _peerIds = new PeerIds(peerId);
        _localIds = new LocalIds(registry, this);
        _localFirst = _localIds.AddFirst();
        _active = new NetworkPath(remote) { IsValidated = !isServer };
        _paths.Add(_active);
        _streamLimits[0] = options.MaxBidiStreams;
        _streamLimits[1] = options.MaxUniStreams;
        _receiveLimit = options.ConnectionWindow;
        _startedAt = _lastReceivedAt = _idleSince = now;
        _local = new TransportParameters
        {
            InitialSource = _localFirst,
            MaxIdleTimeoutMs = options.IdleTimeout / 1000,
            MaxUdpPayload = MaxDatagram,
            MaxData = options.ConnectionWindow,
            MaxStreamDataBidiLocal = options.StreamWindow,
            MaxStreamDataBidiRemote = options.StreamWindow,
            MaxStreamDataUni = options.StreamWindow,
            MaxStreamsBidi = options.MaxBidiStreams,
            MaxStreamsUni = options.MaxUniStreams,
            ActiveConnectionIdLimit = PeerIds.Limit,
            MaxDatagramFrame = options.MaxDatagramFrame
        };
    }

    /// <summary>The largest datagram that is taken.</summary>
    public const int MaxDatagram = 2048;

    public ConnectionState State { get; private set; } = ConnectionState.Handshaking;

    /// <summary>Why it ended; null while it lives.</summary>
    public QuicException? Error { get; private set; }

    /// <summary>What the API hangs on the connection.</summary>
    public object? Tag { get; set; }

    /// <summary>Whether frames wait that the peer should get soon.</summary>
    public bool HasControlFrames => _control.Count > 0;

    public TransportParameters? PeerParameters => _peer;

    public PeerAddress Remote => _active.Remote;

    public ConnectionOptions Options => _options;

    public RttEstimate Rtt => _recovery.Rtt;

    public string? Protocol => _tls.Protocol;

    public QuicStatistics Statistics => new(
        PacketsSent, _packetsReceived, _recovery.PacketsLost, _bytesSent, _bytesReceived, _keyUpdates, DatagramsDropped);

    /// <summary>The server's side of a client's first Initial.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="tls">The handshake.</param>
    /// <param name="registry">Where ids lead to connections.</param>
    /// <param name="remote">The client's address.</param>
    /// <param name="source">The client's id.</param>
    /// <param name="destination">The id that the client sent to, which makes the first keys.</param>
    /// <param name="original">The id that it sent to before a Retry, if there was one.</param>
    /// <param name="now">The time.</param>
    public static Connection Accept(
        ConnectionOptions options, ITlsHandshake tls, IConnectionIds registry, PeerAddress remote,
        in ConnectionId source, in ConnectionId destination, ConnectionId? original, long now)
    {
        var connection = new Connection(true, options, tls, registry, remote, source, now);
        connection._active.IsValidated = original is not null;
        connection._initialDestination = destination;
        registry.AddInitial(destination, connection);
        connection.InstallInitialKeys(destination);
        connection._local = connection._local with
        {
            OriginalDestination = original ?? destination,
            RetrySource = original is null ? null : destination,
            StatelessResetToken = registry.ResetTokenOf(connection._localFirst)
        };
        tls.Start(connection, connection._local.Encode());
        return connection;
    }

    /// <summary>A client's side; its first datagram is ready to be sent.</summary>
    public static Connection Connect(
        ConnectionOptions options, ITlsHandshake tls, IConnectionIds registry, PeerAddress remote, long now)
    {
        var destination = ConnectionId.Random(PacketHeader.LocalIdLength);
        var connection = new Connection(false, options, tls, registry, remote, destination, now);
        connection._originalDestination = destination;
        connection._recovery.PeerMayBeBlocked = true;
        connection.InstallInitialKeys(destination);
        tls.Start(connection, connection._local.Encode());
        return connection;
    }

    public bool TryTakeEvent(out ConnectionEvent next) => _events.TryDequeue(out next);

    /// <summary>When <see cref="OnTimeout"/> wants to be called if nothing else happens.</summary>
    public long NextTimeout
    {
        get
        {
            if (State == ConnectionState.Closed)
                return long.MaxValue;
            if (State is ConnectionState.Closing or ConnectionState.Draining)
                return _closeDeadline;
            long next = Math.Min(_recovery.NextTimeout(), IdleDeadline);
            next = Math.Min(next, _pacedUntil);
            if (State == ConnectionState.Handshaking)
                next = Math.Min(next, _startedAt + _options.HandshakeTimeout);
            else if (_options.KeepAlive > 0 && !_keepAliveSent)
                next = Math.Min(next, _lastReceivedAt + _options.KeepAlive);
            foreach (var space in _spaces)
                next = _recovery.IsBlocked ? next : Math.Min(next, space.AckDeadline);
            foreach (var path in _paths)
                next = Math.Min(next, path.ChallengeDeadline);
            return next;
        }
    }

    public void OnTimeout(long now)
    {
        switch (State)
        {
            case ConnectionState.Closed:
                return;
            case ConnectionState.Closing or ConnectionState.Draining:
                if (now >= _closeDeadline)
                    Terminate();
                return;
        }

        if (now >= IdleDeadline)
        {
            Fail(new QuicException("the connection was idle for too long"));
            Terminate();
            return;
        }

        if (State == ConnectionState.Handshaking && now >= _startedAt + _options.HandshakeTimeout)
        {
            Fail(new QuicException("the handshake took too long"));
            Terminate();
            return;
        }

        if (State == ConnectionState.Established && _options.KeepAlive > 0 && !_keepAliveSent
            && now >= _lastReceivedAt + _options.KeepAlive)
        {
            _pingPending = true;
            _keepAliveSent = true;
        }

        CheckPaths(now);
        _recovery.OnTimeout(now);
    }

    public void Dispose()
    {
        if (State != ConnectionState.Closed)
            Terminate();
    }

    private long IdleDeadline
    {
        get
        {
            long mine = _options.IdleTimeout, theirs = (_peer?.MaxIdleTimeoutMs ?? 0) * 1000;
            long effective = mine == 0 ? theirs : theirs == 0 ? mine : Math.Min(mine, theirs);
            return effective == 0 ? long.MaxValue : _idleSince + Math.Max(effective, 3 * _recovery.ProbeTimeout);
        }
    }

    private PacketSpace Application => _spaces[(int)EncryptionLevel.Application];

    private void Raise(ConnectionEventKind kind, StreamState? stream = null) =>
        _events.Enqueue(new ConnectionEvent(kind, stream));
}
