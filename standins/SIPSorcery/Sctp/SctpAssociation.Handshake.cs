using System.Buffers.Binary;

namespace SIPSorcery.Net.Sctp;

// INIT, INIT ACK, COOKIE ECHO, COOKIE ACK, also when both sides begin at once (RFC 9260, 5.1 and 5.2).
internal sealed partial class SctpAssociation
{
    private const int InitFixedSize = 16;
    private const int MaxReportedBytes = 512;
    private byte[]? _cookie;
    private bool _handshakeDue;
    private bool _cookieAckDue;
    private int _handshakeTries;
    private long _handshakeTimer = Never;

    private void OnInit(ReadOnlySpan<byte> body)
    {
        if (State == SctpState.ShutdownAckSent)
        {
            _shutdownDue = true;
            return;
        }

        if (!TryReadInit(body, out var init))
        {
            if (body.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(body) is var tag and not 0)
                _replies.Add(tag, ChunkType.Abort, 0, [0, (byte)ErrorCause.InvalidMandatoryParameter, 0, 4], alone: true);
            return;
        }

        // While no association exists, or both begin at once, the answer carries the one local tag. When one exists, a
        // fresh tag marks a restart, which shows by the tie-tags when the cookie comes back.
        var exists = HasPeer && State != SctpState.CookieEchoed;
        var cookie = new StateCookie(
            _now,
            exists ? RandomTag() : _localTag,
            init.Tag,
            exists ? RandomUInt32() : _localTsn,
            init.Tsn,
            init.Window,
            Math.Min(_options.Streams, init.IncomingStreams),
            Math.Min(_options.Streams, init.OutgoingStreams),
            init.Features,
            exists ? _localTag : 0,
            exists ? _peerTag : 0);

        Span<byte> parameters = stackalloc byte[4 + StateCookie.Size];
        WriteParameterHeader(parameters, ParameterType.StateCookie, StateCookie.Size);
        cookie.Write(parameters[4..], _cookieKey);
        var answer = BuildInit(cookie.LocalTag, cookie.LocalTsn, parameters, Unrecognized(body[InitFixedSize..],
            asParameters: true));
        _replies.Add(init.Tag, ChunkType.InitAck, 0, answer, alone: true);
    }

    private void OnInitAck(ReadOnlySpan<byte> body, long now)
    {
        if (State != SctpState.CookieWait)
            return;
        if (!TryReadInit(body, out var init) || init.Cookie.IsEmpty || init.Cookie.Length > MaxCookieSize)
        {
            Counters.PacketsRefused++;
            return;
        }

        AdoptPeer(init.Tag, init.Tsn, init.Window, init.IncomingStreams, init.OutgoingStreams, init.Features);
        _cookie = init.Cookie.ToArray();
        State = SctpState.CookieEchoed;
        _handshakeTries = 0;
        _handshakeTimer = Never;
        _handshakeDue = true;
        if (_handshakeSentOnce)
            _rto.Measure(now - _handshakeSentAt);
        var unrecognized = Unrecognized(body[InitFixedSize..], asParameters: false);
        if (unrecognized.Length > 0)
            _replies.Add(_peerTag, ChunkType.Error, 0, unrecognized, alone: false);
    }

    private void OnCookieEcho(ReadOnlySpan<byte> body, uint tag, long now)
    {
        if (!StateCookie.TryRead(body, _cookieKey, out var cookie) || tag != cookie.LocalTag)
        {
            Counters.PacketsRefused++;
            return;
        }

        var sameLocal = cookie.LocalTag == _localTag;
        var samePeer = HasPeer && cookie.PeerTag == _peerTag;
        if (sameLocal && samePeer)
        {
            // A repeated cookie is answered again, however old: the first answer may be lost.
            if (State == SctpState.CookieEchoed)
                Establish(now);
            if (State is SctpState.Established or SctpState.ShutdownPending or SctpState.ShutdownReceived)
                _cookieAckDue = true;
            return;
        }

        if (now - cookie.CreatedAt > _options.CookieLifetime)
        {
            var late = Math.Min(uint.MaxValue, now - cookie.CreatedAt - _options.CookieLifetime);
            var cause = new byte[8];
            WriteParameterHeader(cause, ErrorCause.StaleCookie, 4);
            BinaryPrimitives.WriteUInt32BigEndian(cause.AsSpan(4), (uint)late);
            _replies.Add(cookie.PeerTag, ChunkType.Error, 0, cause, alone: true);
            return;
        }

        if (sameLocal && State <= SctpState.CookieEchoed)
        {
            AdoptPeer(cookie.PeerTag, cookie.PeerTsn, cookie.PeerWindow, cookie.OutgoingStreams, cookie.IncomingStreams,
                cookie.Features);
            Establish(now);
            _cookieAckDue = true;
        }
        else if (HasPeer && cookie.TieLocalTag == _localTag && cookie.TiePeerTag == _peerTag)
        {
            // The peer lost its state. What was acknowledged to it is gone, so channels cannot live on as if nothing were.
            _peerTag = cookie.PeerTag;
            EndWithAbort(SctpCloseReason.PeerRestarted, ErrorCause.Restart, []);
        }
        else
        {
            Counters.PacketsRefused++;
        }
    }

    private void OnCookieAck(long now)
    {
        if (State != SctpState.CookieEchoed)
            return;
        if (_handshakeSentOnce)
            _rto.Measure(now - _handshakeSentAt);
        Establish(now);
    }

    private void OnStaleCookie()
    {
        if (State != SctpState.CookieEchoed)
            return;
        State = SctpState.CookieWait;
        _cookie = null;
        _peerTag = 0;
        _handshakeTimer = Never;
        _handshakeDue = true;
        _outstanding.MarkAllLost();
    }

    private void OnHandshakeTimeout()
    {
        _handshakeTimer = Never;
        if (++_handshakeTries > _options.MaxInitRetransmissions)
        {
            EndWithAbort(SctpCloseReason.ConnectTimeout, ErrorCause.UserInitiated, "no answer"u8);
            return;
        }

        _rto.BackOff();
        _handshakeDue = true;

        // DATA travels with the COOKIE ECHO until the peer answers.
        _outstanding.MarkAllLost();
    }

    private void AdoptPeer(uint tag, uint tsn, uint window, ushort outgoing, ushort incoming, PeerFeatures features)
    {
        _peerTag = tag;
        _peerWindow = window;
        _peerFeatures = features;
        _outgoingStreams = Math.Min(outgoing, _options.Streams);
        _incomingStreams = Math.Min(incoming, _options.Streams);
        _received.Start(tsn);
        _peerRequest = tsn;
    }

    private int WriteHandshake(Span<byte> buffer, long now)
    {
        _handshakeDue = false;
        _handshakeSentOnce = _handshakeTries == 0;
        _handshakeSentAt = now;
        _handshakeTimer = now + _rto.Current;
        var writer = new PacketWriter(buffer, _options.LocalPort, _options.RemotePort, 0);
        var init = BuildInit(_localTag, _localTsn, [], []);
        init.CopyTo(writer.Add(ChunkType.Init, 0, init.Length));
        Counters.PacketsSent++;
        return writer.Finish();
    }

    /// <summary>INIT and INIT ACK look alike, but for the cookie and what was not understood.</summary>
    private byte[] BuildInit(uint tag, uint tsn, ReadOnlySpan<byte> cookie, ReadOnlySpan<byte> unrecognized)
    {
        ReadOnlySpan<byte> extensions = [0x80, 0x08, 0, 6, ChunkType.ReConfig, ChunkType.ForwardTsn, 0, 0];
        ReadOnlySpan<byte> forwardTsn = [0xC0, 0x00, 0, 4];
        var body = new byte[InitFixedSize + cookie.Length + extensions.Length + forwardTsn.Length + unrecognized.Length];
        BinaryPrimitives.WriteUInt32BigEndian(body, tag);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(4), (uint)_options.ReceiveWindow);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(8), _options.Streams);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(10), _options.Streams);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(12), tsn);
        var rest = body.AsSpan(InitFixedSize);
        forwardTsn.CopyTo(rest);
        extensions.CopyTo(rest[4..]);
        cookie.CopyTo(rest[12..]);
        unrecognized.CopyTo(rest[(12 + cookie.Length)..]);
        return body;
    }

    private static bool TryReadInit(ReadOnlySpan<byte> body, out InitView init)
    {
        init = default;
        if (body.Length < InitFixedSize)
            return false;
        init.Tag = BinaryPrimitives.ReadUInt32BigEndian(body);
        init.Window = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        init.OutgoingStreams = BinaryPrimitives.ReadUInt16BigEndian(body[8..]);
        init.IncomingStreams = BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        init.Tsn = BinaryPrimitives.ReadUInt32BigEndian(body[12..]);
        if (init.Tag == 0 || init.OutgoingStreams == 0 || init.IncomingStreams == 0)
            return false;
        var rest = body[InitFixedSize..];
        while (TryTakeParameter(ref rest, out var type, out var value))
        {
            switch (type)
            {
                case ParameterType.StateCookie:
                    init.Cookie = value;
                    break;
                case ParameterType.ForwardTsnSupported:
                    init.Features |= PeerFeatures.ForwardTsn;
                    break;
                case ParameterType.SupportedExtensions:
                    if (value.Contains(ChunkType.ReConfig))
                        init.Features |= PeerFeatures.ReConfig;
                    if (value.Contains(ChunkType.ForwardTsn))
                        init.Features |= PeerFeatures.ForwardTsn;
                    break;
                default:
                    if (!IsKnownInitParameter(type) && (type & 0x8000) == 0)
                        return true;
                    break;
            }
        }

        return true;
    }

    /// <summary>Parameters whose type asks for a report when it is not understood (second highest bit).</summary>
    private static byte[] Unrecognized(ReadOnlySpan<byte> parameters, bool asParameters)
    {
        List<byte>? report = null;
        while (TryTakeRaw(ref parameters, out var raw))
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(raw);
            if (type is ParameterType.StateCookie or ParameterType.ForwardTsnSupported or ParameterType.SupportedExtensions)
                continue;
            if (IsKnownInitParameter(type))
                continue;
            if ((type & 0x4000) != 0 && (report?.Count ?? 0) + raw.Length + 8 <= MaxReportedBytes)
            {
                report ??= [];
                if (asParameters || report.Count == 0)
                    report.AddRange([0, (byte)ParameterType.Unrecognized, 0, 0]);
                var head = report.Count - 4;
                report.AddRange(raw);
                if (asParameters)
                {
                    var length = raw.Length + 4;
                    report[head + 2] = (byte)(length >> 8);
                    report[head + 3] = (byte)length;
                }

                while (report.Count % 4 != 0)
                    report.Add(0);
            }

            if ((type & 0x8000) == 0)
                break;
        }

        if (report is null)
            return [];
        var bytes = report.ToArray();
        if (!asParameters)
            WriteParameterHeader(bytes, ErrorCause.UnrecognizedParameters, bytes.Length - 4);
        return bytes;
    }

    private static bool IsKnownInitParameter(ushort type) =>
        type is ParameterType.Ipv4Address or ParameterType.Ipv6Address or ParameterType.CookiePreservative
            or ParameterType.SupportedAddressTypes or ParameterType.Unrecognized;

    /// <summary>Cuts the next parameter off; false at the end, or where the rest makes no sense.</summary>
    private static bool TryTakeParameter(scoped ref ReadOnlySpan<byte> rest, out ushort type, out ReadOnlySpan<byte> value)
    {
        var found = TryTakeRaw(ref rest, out var raw);
        type = 0;
        value = default;
        if (found)
        {
            type = BinaryPrimitives.ReadUInt16BigEndian(raw);
            value = raw[4..];
        }

        return found;
    }

    private static bool TryTakeRaw(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> raw)
    {
        raw = default;
        if (rest.Length < 4)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (length < 4 || length > rest.Length)
            return false;
        raw = rest[..length];
        rest = rest[Math.Min(rest.Length, PacketWriter.Padded(length))..];
        return true;
    }

    private static void WriteParameterHeader(Span<byte> destination, ushort type, int valueLength)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(4 + valueLength));
    }

    private int MaxCookieSize => _packetSize - PacketWriter.HeaderSize - 4;

    private bool _handshakeSentOnce;
    private long _handshakeSentAt;

    private ref struct InitView
    {
        public uint Tag;
        public uint Window;
        public ushort OutgoingStreams;
        public ushort IncomingStreams;
        public uint Tsn;
        public PeerFeatures Features;
        public ReadOnlySpan<byte> Cookie;
    }
}
