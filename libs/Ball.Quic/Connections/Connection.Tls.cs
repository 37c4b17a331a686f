using Ball.Quic.Crypto;
using Ball.Quic.Packets;
using Ball.Quic.Recovery;
using Ball.Quic.Tls;

namespace Ball.Quic.Connections;

// The handshake: keys, parameters, confirmation.
sealed partial class Connection
{
    private ConnectionId originalDestination;
    private ConnectionId? retrySource;
    private byte[] retryToken = [];
    private bool peerIdKnown;
    private EncryptionLevel readLevel;

    void ITlsEvents.HandshakeBytes(EncryptionLevel level, ReadOnlySpan<byte> bytes)
    {
        if (Space(level).CryptoOut.Write(bytes) < bytes.Length)
            throw new ProtocolException(TransportError.Internal, "the handshake is too long");
    }

    void ITlsEvents.ReadSecret(EncryptionLevel level, CipherSuite suite, byte[] secret)
    {
        Space(level).Opener = new PacketOpener(suite, secret);
        if (level > readLevel)
            readLevel = level;
    }

    void ITlsEvents.WriteSecret(EncryptionLevel level, CipherSuite suite, byte[] secret) =>
        Space(level).Sealer = new PacketSealer(suite, secret);

    void ITlsEvents.PeerParameters(ReadOnlySpan<byte> parameters)
    {
        var decoded = TransportParameters.Decode(parameters, fromServer: !isServer);
        if (decoded.InitialSource is not { } source || !source.Equals(peerIds.Current))
            throw new ProtocolException(TransportError.TransportParameter, "the peer's parameters name another connection");
        if (!isServer)
        {
            if (decoded.OriginalDestination is not { } original || !original.Equals(originalDestination)
                || !Nullable.Equals(decoded.RetrySource, retrySource))
                throw new ProtocolException(TransportError.TransportParameter, "the server answers another connection");
            if (decoded.StatelessResetToken is { } token)
                peerIds.SetFirstToken(token);
        }

        peer = decoded;
        recovery.PeerMaxAckDelay = decoded.MaxAckDelayMs * 1000L;
        sendLimit = decoded.MaxData;
        peerStreamLimits[0] = decoded.MaxStreamsBidi;
        peerStreamLimits[1] = decoded.MaxStreamsUni;
    }

    private PacketSpace Space(EncryptionLevel level) => spaces[(int)level];

    private void InstallInitialKeys(in ConnectionId destination)
    {
        var space = Space(EncryptionLevel.Initial);
        space.Sealer?.Dispose();
        space.Opener?.Dispose();
        space.Sealer = new PacketSealer(CipherSuite.Aes128Gcm, KeySchedule.InitialSecret(destination, isServer));
        space.Opener = new PacketOpener(CipherSuite.Aes128Gcm, KeySchedule.InitialSecret(destination, !isServer));
    }

    private void FeedTls(EncryptionLevel level)
    {
        var crypto = Space(level).CryptoIn;
        Span<byte> chunk = stackalloc byte[2048];
        while (crypto.Readable > 0)
        {
            if (level < readLevel)
                throw new ProtocolException(TransportError.ProtocolViolation, "handshake bytes at a level that is done");
            int count = crypto.Read(chunk);
            tls.Receive(level, chunk[..count]);
            if (Space(level).IsDiscarded)
                return;
        }

        if (tls.IsComplete && State == ConnectionState.Handshaking)
            CompleteHandshake();
    }

    private void CompleteHandshake()
    {
        if (peer is null)
            throw new ProtocolException(TransportError.Crypto + 109, "the peer sent no transport parameters");
        State = ConnectionState.Established;
        idleSince = lastReceivedAt;
        if (isServer)
        {
            Confirm();
            Queue(SentKind.HandshakeDone);
        }

        OfferIds();
        Raise(ConnectionEventKind.Established);
    }

    private void Confirm()
    {
        if (recovery.HandshakeConfirmed)
            return;
        recovery.HandshakeConfirmed = true;
        ForgetInitialId();
        recovery.PeerMayBeBlocked = false;
        recovery.Discard(Space(EncryptionLevel.Initial));
        recovery.Discard(Space(EncryptionLevel.Handshake));
    }

    private void ForgetInitialId()
    {
        if (initialDestination is { } id)
            registry.RemoveInitial(id);
        initialDestination = null;
    }

    // The server's answer to a client's first Initial may be to prove its address first.
    private void HandleRetry(in PacketHeader header, ReadOnlySpan<byte> packet)
    {
        if (isServer || retrySource is not null || peerIdKnown || header.Token.Length <= RetryTag.Length)
            return;
        Span<byte> tag = stackalloc byte[RetryTag.Length];
        RetryTag.Compute(originalDestination, packet[..^RetryTag.Length], tag);
        if (!tag.SequenceEqual(packet[^RetryTag.Length..]) || header.Source.Equals(peerIds.Current))
            return;

        retrySource = header.Source;
        retryToken = header.Token[..^RetryTag.Length].ToArray();
        peerIds.ReplaceFirst(header.Source);
        InstallInitialKeys(header.Source);
        var space = Space(EncryptionLevel.Initial);
        for (long number = space.Sent.First; number < space.Sent.End; number++)
        {
            if (space.Sent[number] is not { } sent)
                continue;
            foreach (var frame in sent.Frames)
                ((IFrameFate)this).FrameLost(EncryptionLevel.Initial, frame);
        }

        recovery.ForgetSent(space);
    }
}
