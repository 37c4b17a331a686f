using System.Text;
using Ball.Quic.Packets;
using Ball.Quic.Recovery;
using Ball.Quic.Tls;

namespace Ball.Quic.Connections;

// The ways a connection ends (RFC 9000, section 10).
sealed partial class Connection
{
    private const int MaxReason = 128;

    private long _closeDeadline = long.MaxValue;
    private long _closeCode;
    private bool _closeByApplication;
    private byte[] _closeReason = [];
    private bool _closePending;
    private int _packetsWhileClosing;

    /// <summary>Ends the connection for the application, with its code.</summary>
    public void Close(long code, string reason, long now)
    {
        if (State is ConnectionState.Closing or ConnectionState.Draining or ConnectionState.Closed)
            return;
        BeginClosing(code, true, reason, now);
        Fail(new QuicException("the connection was closed by this side", code, byApplication: true));
    }

    /// <summary>Ends at once and without a word: something is wrong on this side.</summary>
    public void GiveUp(Exception why)
    {
        Fail(new QuicException($"the connection failed: {why.Message}"));
        Dispose();
    }

    private void CloseFor(ProtocolException violation, long now)
    {
        if (State is ConnectionState.Closing or ConnectionState.Draining or ConnectionState.Closed)
            return;
        BeginClosing(violation.Code, false, violation.Message, now);
        Fail(new QuicException($"the peer broke the protocol: {violation.Message}", violation.Code));
    }

    private void BeginClosing(long code, bool byApplication, string reason, long now)
    {
        _closeCode = code;
        _closeByApplication = byApplication;
        _closeReason = Encoding.UTF8.GetBytes(reason.Length <= MaxReason ? reason : reason[..MaxReason]);
        if (_closeReason.Length > MaxReason * 3)
            _closeReason = [];
        _closePending = true;
        _closeDeadline = now + 3 * _recovery.ProbeTimeout;
        State = ConnectionState.Closing;
    }

    private void Drain(QuicException error, long now)
    {
        State = ConnectionState.Draining;
        _closeDeadline = now + 3 * _recovery.ProbeTimeout;
        Fail(error);
    }

    // Who has not heard yet is told again, ever more rarely.
    private void AnswerWhileClosing()
    {
        _packetsWhileClosing++;
        _closePending |= (_packetsWhileClosing & (_packetsWhileClosing - 1)) == 0;
    }

    private void Fail(QuicException error)
    {
        if (Error is not null)
            return;
        Error = error;
        foreach (var stream in _streams.Values)
        {
            stream.Out?.Release();
            stream.In?.Release();
            Raise(ConnectionEventKind.StreamReadable, stream);
            Raise(ConnectionEventKind.StreamWritable, stream);
        }

        _streams.Clear();
        _sendQueue.Clear();
        _control.Clear();
        while (_datagramsOut.Count > 0)
            Drop(_datagramsOut);
        Raise(ConnectionEventKind.Closed);
    }

    private void Terminate()
    {
        Fail(new QuicException("the connection was given up"));
        State = ConnectionState.Closed;
        while (_datagramsIn.Count > 0)
            Drop(_datagramsIn);
        foreach (var space in _spaces)
            space.Discard();
        _localIds.RemoveAll();
        ForgetInitialId();
        _tls.Dispose();
    }

    private int WriteClose(Span<byte> buffer, long now)
    {
        _closePending = false;
        int length = 0;
        foreach (var space in _spaces)
        {
            // The client may not have the newest keys yet, so each level it may have gets one.
            if (space.Sealer is null || (space.Level != EncryptionLevel.Application && _recovery.HandshakeConfirmed))
                continue;
            if (space.Level == EncryptionLevel.Application && !_recovery.HandshakeConfirmed && _isServer)
                continue;
            if (space.Level == EncryptionLevel.Initial && !_isServer && Space(EncryptionLevel.Handshake).Sealer is not null)
                continue;
            if (buffer.Length - length < 256)
                break;
            length += WriteClosePacket(buffer[length..], space, now);
        }

        return length;
    }

    private int WriteClosePacket(Span<byte> buffer, PacketSpace space, long now)
    {
        var header = BeginPacket(buffer, space);
        if (header.PayloadOffset + AeadTag + 64 > buffer.Length)
            return 0;
        var writer = new WireWriter(buffer[header.PayloadOffset..^AeadTag]);
        bool application = _closeByApplication && space.Level == EncryptionLevel.Application;
        var reason = _closeByApplication && !application ? [] : _closeReason;
        writer.WriteVarInt(application ? FrameType.CloseApplication : FrameType.CloseTransport);
        writer.WriteVarInt(application || !_closeByApplication ? _closeCode : TransportError.Application);
        if (!application)
            writer.WriteVarInt(0);
        int fitting = Math.Min(reason.Length, Math.Max(0, writer.Remaining - 2));
        writer.WriteVarInt(fitting);
        writer.WriteBytes(reason.AsSpan(0, fitting));
        if (!_isServer && space.Level == EncryptionLevel.Initial)
            writer.WriteZeros(Math.Max(0, Math.Min(writer.Remaining, 1200 - AeadTag - header.PayloadOffset - writer.Length)));
        return EndPacket(buffer, space, header, writer.Length);
    }
}
