using System.Text;
using Ball.Quic.Packets;
using Ball.Quic.Recovery;
using Ball.Quic.Tls;

namespace Ball.Quic.Connections;

// The ways a connection ends (RFC 9000, section 10).
sealed partial class Connection
{
    private const int MaxReason = 128;

    private long closeDeadline = long.MaxValue;
    private long closeCode;
    private bool closeByApplication;
    private byte[] closeReason = [];
    private bool closePending;
    private int packetsWhileClosing;

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
        closeCode = code;
        closeByApplication = byApplication;
        closeReason = Encoding.UTF8.GetBytes(reason.Length <= MaxReason ? reason : reason[..MaxReason]);
        if (closeReason.Length > MaxReason * 3)
            closeReason = [];
        closePending = true;
        closeDeadline = now + 3 * recovery.ProbeTimeout;
        State = ConnectionState.Closing;
    }

    private void Drain(QuicException error, long now)
    {
        State = ConnectionState.Draining;
        closeDeadline = now + 3 * recovery.ProbeTimeout;
        Fail(error);
    }

    // Who has not heard yet is told again, ever more rarely.
    private void AnswerWhileClosing()
    {
        packetsWhileClosing++;
        closePending |= (packetsWhileClosing & (packetsWhileClosing - 1)) == 0;
    }

    private void Fail(QuicException error)
    {
        if (Error is not null)
            return;
        Error = error;
        foreach (var stream in streams.Values)
        {
            stream.Out?.Release();
            stream.In?.Release();
            Raise(ConnectionEventKind.StreamReadable, stream);
            Raise(ConnectionEventKind.StreamWritable, stream);
        }

        streams.Clear();
        sendQueue.Clear();
        control.Clear();
        while (datagramsOut.Count > 0)
            Drop(datagramsOut);
        Raise(ConnectionEventKind.Closed);
    }

    private void Terminate()
    {
        Fail(new QuicException("the connection was given up"));
        State = ConnectionState.Closed;
        while (datagramsIn.Count > 0)
            Drop(datagramsIn);
        foreach (var space in spaces)
            space.Discard();
        localIds.RemoveAll();
        ForgetInitialId();
        tls.Dispose();
    }

    private int WriteClose(Span<byte> buffer, long now)
    {
        closePending = false;
        int length = 0;
        foreach (var space in spaces)
        {
            // The client may not have the newest keys yet, so each level it may have gets one.
            if (space.Sealer is null || (space.Level != EncryptionLevel.Application && recovery.HandshakeConfirmed))
                continue;
            if (space.Level == EncryptionLevel.Application && !recovery.HandshakeConfirmed && isServer)
                continue;
            if (space.Level == EncryptionLevel.Initial && !isServer && Space(EncryptionLevel.Handshake).Sealer is not null)
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
        bool application = closeByApplication && space.Level == EncryptionLevel.Application;
        var reason = closeByApplication && !application ? [] : closeReason;
        writer.WriteVarInt(application ? FrameType.CloseApplication : FrameType.CloseTransport);
        writer.WriteVarInt(application || !closeByApplication ? closeCode : TransportError.Application);
        if (!application)
            writer.WriteVarInt(0);
        int fitting = Math.Min(reason.Length, Math.Max(0, writer.Remaining - 2));
        writer.WriteVarInt(fitting);
        writer.WriteBytes(reason.AsSpan(0, fitting));
        if (!isServer && space.Level == EncryptionLevel.Initial)
            writer.WriteZeros(Math.Max(0, Math.Min(writer.Remaining, 1200 - AeadTag - header.PayloadOffset - writer.Length)));
        return EndPacket(buffer, space, header, writer.Length);
    }
}
