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
    private readonly ConnectionOptions options;
    private readonly bool isServer;
    private readonly ITlsHandshake tls;
    private readonly PacketSpace[] spaces =
    [
        new(EncryptionLevel.Initial), new(EncryptionLevel.Handshake), new(EncryptionLevel.Application)
    ];

    private readonly LossRecovery recovery;
    private readonly PeerIds peerIds;
    private readonly LocalIds localIds;
    private readonly ConnectionId localFirst;
    private readonly Queue<ConnectionEvent> events = new();
    private readonly IConnectionIds registry;
    private ConnectionId? initialDestination;
    private TransportParameters local;
    private TransportParameters? peer;
    private readonly long startedAt;
    private long lastReceivedAt;
    private long idleSince;
    private bool elicitedSinceReceive;
    private bool pingPending;
    private bool keepAliveSent;

    private Connection(
        bool isServer, ConnectionOptions options, ITlsHandshake tls, IConnectionIds registry,
        PeerAddress remote, in ConnectionId peerId, long now)
    {
        this.isServer = isServer;
        this.options = options;
        this.tls = tls;
        this.registry = registry;
        recovery = new LossRecovery(spaces, this, options.PacketSize);
        peerIds = new PeerIds(peerId);
        localIds = new LocalIds(registry, this);
        localFirst = localIds.AddFirst();
        active = new NetworkPath(remote) { IsValidated = !isServer };
        paths.Add(active);
        streamLimits[0] = options.MaxBidiStreams;
        streamLimits[1] = options.MaxUniStreams;
        receiveLimit = options.ConnectionWindow;
        startedAt = lastReceivedAt = idleSince = now;
        local = new TransportParameters
        {
            InitialSource = localFirst,
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
    public bool HasControlFrames => control.Count > 0;

    public TransportParameters? PeerParameters => peer;

    public PeerAddress Remote => active.Remote;

    public ConnectionOptions Options => options;

    public RttEstimate Rtt => recovery.Rtt;

    public string? Protocol => tls.Protocol;

    public QuicStatistics Statistics => new(
        PacketsSent, packetsReceived, recovery.PacketsLost, bytesSent, bytesReceived, keyUpdates, DatagramsDropped);

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
        connection.active.IsValidated = original is not null;
        connection.initialDestination = destination;
        registry.AddInitial(destination, connection);
        connection.InstallInitialKeys(destination);
        connection.local = connection.local with
        {
            OriginalDestination = original ?? destination,
            RetrySource = original is null ? null : destination,
            StatelessResetToken = registry.ResetTokenOf(connection.localFirst)
        };
        tls.Start(connection, connection.local.Encode());
        return connection;
    }

    /// <summary>A client's side; its first datagram is ready to be sent.</summary>
    public static Connection Connect(
        ConnectionOptions options, ITlsHandshake tls, IConnectionIds registry, PeerAddress remote, long now)
    {
        var destination = ConnectionId.Random(PacketHeader.LocalIdLength);
        var connection = new Connection(false, options, tls, registry, remote, destination, now);
        connection.originalDestination = destination;
        connection.recovery.PeerMayBeBlocked = true;
        connection.InstallInitialKeys(destination);
        tls.Start(connection, connection.local.Encode());
        return connection;
    }

    public bool TryTakeEvent(out ConnectionEvent next) => events.TryDequeue(out next);

    /// <summary>When <see cref="OnTimeout"/> wants to be called if nothing else happens.</summary>
    public long NextTimeout
    {
        get
        {
            if (State == ConnectionState.Closed)
                return long.MaxValue;
            if (State is ConnectionState.Closing or ConnectionState.Draining)
                return closeDeadline;
            long next = Math.Min(recovery.NextTimeout(), IdleDeadline);
            next = Math.Min(next, pacedUntil);
            if (State == ConnectionState.Handshaking)
                next = Math.Min(next, startedAt + options.HandshakeTimeout);
            else if (options.KeepAlive > 0 && !keepAliveSent)
                next = Math.Min(next, lastReceivedAt + options.KeepAlive);
            foreach (var space in spaces)
                next = recovery.IsBlocked ? next : Math.Min(next, space.AckDeadline);
            foreach (var path in paths)
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
                if (now >= closeDeadline)
                    Terminate();
                return;
        }

        if (now >= IdleDeadline)
        {
            Fail(new QuicException("the connection was idle for too long"));
            Terminate();
            return;
        }

        if (State == ConnectionState.Handshaking && now >= startedAt + options.HandshakeTimeout)
        {
            Fail(new QuicException("the handshake took too long"));
            Terminate();
            return;
        }

        if (State == ConnectionState.Established && options.KeepAlive > 0 && !keepAliveSent
            && now >= lastReceivedAt + options.KeepAlive)
        {
            pingPending = true;
            keepAliveSent = true;
        }

        CheckPaths(now);
        recovery.OnTimeout(now);
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
            long mine = options.IdleTimeout, theirs = (peer?.MaxIdleTimeoutMs ?? 0) * 1000;
            long effective = mine == 0 ? theirs : theirs == 0 ? mine : Math.Min(mine, theirs);
            return effective == 0 ? long.MaxValue : idleSince + Math.Max(effective, 3 * recovery.ProbeTimeout);
        }
    }

    private PacketSpace Application => spaces[(int)EncryptionLevel.Application];

    private void Raise(ConnectionEventKind kind, StreamState? stream = null) => events.Enqueue(new ConnectionEvent(kind, stream));
}
