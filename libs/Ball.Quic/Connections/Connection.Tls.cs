using Ball.Quic.Crypto;
using Ball.Quic.Packets;
using Ball.Quic.Recovery;
using Ball.Quic.Tls;

namespace Ball.Quic.Connections;

// The handshake: keys, parameters, confirmation.
sealed partial class Connection
{
    private ConnectionId _originalDestination;
    private ConnectionId? _retrySource;
    private byte[] _retryToken = [];
    private bool _peerIdKnown;
    private EncryptionLevel _readLevel;

    void ITlsEvents.HandshakeBytes(EncryptionLevel level, ReadOnlySpan<byte> bytes)
    {
        if (Space(level).CryptoOut.Write(bytes) < bytes.Length)
            throw new ProtocolException(TransportError.Internal, "the handshake is too long");
    }

    void ITlsEvents.ReadSecret(EncryptionLevel level, CipherSuite suite, byte[] secret)
    {
        Space(level).Opener = new PacketOpener(suite, secret);
        if (level > _readLevel)
            _readLevel = level;
    }

    void ITlsEvents.WriteSecret(EncryptionLevel level, CipherSuite suite, byte[] secret) =>
        Space(level).Sealer = new PacketSealer(suite, secret);

    void ITlsEvents.PeerParameters(ReadOnlySpan<byte> parameters)
    {
        var decoded = TransportParameters.Decode(parameters, fromServer: !_isServer);
        if (decoded.InitialSource is not { } source || !source.Equals(_peerIds.Current))
            throw new ProtocolException(TransportError.TransportParameter, "the peer's parameters name another connection");
        if (!_isServer)
        {
            if (decoded.OriginalDestination is not { } original || !original.Equals(_originalDestination)
                || !Nullable.Equals(decoded.RetrySource, _retrySource))
                throw new ProtocolException(TransportError.TransportParameter, "the server answers another connection");
            if (decoded.StatelessResetToken is { } token)
                _peerIds.SetFirstToken(token);
        }

        _peer = decoded;
        _recovery.PeerMaxAckDelay = decoded.MaxAckDelayMs * 1000L;
        _sendLimit = decoded.MaxData;
        _peerStreamLimits[0] = decoded.MaxStreamsBidi;
        _peerStreamLimits[1] = decoded.MaxStreamsUni;
    }

    private PacketSpace Space(EncryptionLevel level) => _spaces[(int)level];

    private void InstallInitialKeys(in ConnectionId destination)
    {
        var space = Space(EncryptionLevel.Initial);
        space.Sealer?.Dispose();
        space.Opener?.Dispose();
        space.Sealer = new PacketSealer(CipherSuite.Aes128Gcm, KeySchedule.InitialSecret(destination, _isServer));
        space.Opener = new PacketOpener(CipherSuite.Aes128Gcm, KeySchedule.InitialSecret(destination, !_isServer));
    }

    private void FeedTls(EncryptionLevel level)
    {
        var crypto = Space(level).CryptoIn;
        Span<byte> chunk = stackalloc byte[2048];
        while (crypto.Readable > 0)
        {
            if (level < _readLevel)
                throw new ProtocolException(TransportError.ProtocolViolation, "handshake bytes at a level that is done");
            int count = crypto.Read(chunk);
            _tls.Receive(level, chunk[..count]);
            if (Space(level).IsDiscarded)
                return;
        }

        if (_tls.IsComplete && State == ConnectionState.Handshaking)
            CompleteHandshake();
    }

    private void CompleteHandshake()
    {
        if (_peer is null)
            throw new ProtocolException(TransportError.Crypto + 109, "the peer sent no transport parameters");
        State = ConnectionState.Established;
        _idleSince = _lastReceivedAt;
        if (_isServer)
        {
            Confirm();
            Queue(SentKind.HandshakeDone);
        }

        OfferIds();
        Raise(ConnectionEventKind.Established);
    }

    private void Confirm()
    {
        if (_recovery.HandshakeConfirmed)
            return;
        _recovery.HandshakeConfirmed = true;
        ForgetInitialId();
        _recovery.PeerMayBeBlocked = false;
        _recovery.Discard(Space(EncryptionLevel.Initial));
        _recovery.Discard(Space(EncryptionLevel.Handshake));
    }

    private void ForgetInitialId()
    {
        if (_initialDestination is { } id)
            _registry.RemoveInitial(id);
        _initialDestination = null;
    }

    // The server's answer to a client's first Initial may be to prove its address first.
    private void HandleRetry(in PacketHeader header, ReadOnlySpan<byte> packet)
    {
        if (_isServer || _retrySource is not null || _peerIdKnown || header.Token.Length <= RetryTag.Length)
            return;
        Span<byte> tag = stackalloc byte[RetryTag.Length];
        RetryTag.Compute(_originalDestination, packet[..^RetryTag.Length], tag);
        if (!tag.SequenceEqual(packet[^RetryTag.Length..]) || header.Source.Equals(_peerIds.Current))
            return;

        _retrySource = header.Source;
        _retryToken = header.Token[..^RetryTag.Length].ToArray();
        _peerIds.ReplaceFirst(header.Source);
        InstallInitialKeys(header.Source);
        var space = Space(EncryptionLevel.Initial);
        for (long number = space.Sent.First; number < space.Sent.End; number++)
        {
            if (space.Sent[number] is not { } sent)
                continue;
            foreach (var frame in sent.Frames)
                ((IFrameFate)this).FrameLost(EncryptionLevel.Initial, frame);
        }

        _recovery.ForgetSent(space);
    }
}
