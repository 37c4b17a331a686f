namespace Ball.Quic.Packets;

/// <summary>What an end tells the other about its limits (RFC 9000, section 18; RFC 9221, section 3).</summary>
sealed record TransportParameters
{
    public ConnectionId? OriginalDestination { get; init; }

    public ConnectionId? InitialSource { get; init; }

    public ConnectionId? RetrySource { get; init; }

    public byte[]? StatelessResetToken { get; init; }

    public long MaxIdleTimeoutMs { get; init; }

    public long MaxUdpPayload { get; init; } = 65527;

    public long MaxData { get; init; }

    public long MaxStreamDataBidiLocal { get; init; }

    public long MaxStreamDataBidiRemote { get; init; }

    public long MaxStreamDataUni { get; init; }

    public long MaxStreamsBidi { get; init; }

    public long MaxStreamsUni { get; init; }

    public int AckDelayExponent { get; init; } = 3;

    public int MaxAckDelayMs { get; init; } = 25;

    public bool DisableActiveMigration { get; init; }

    public long ActiveConnectionIdLimit { get; init; } = 2;

    public long MaxDatagramFrame { get; init; }

    public byte[] Encode()
    {
        var buffer = new byte[512];
        var writer = new WireWriter(buffer);
        WriteId(ref writer, Id.OriginalDestination, OriginalDestination);
        WriteNumber(ref writer, Id.MaxIdleTimeout, MaxIdleTimeoutMs, 0);
        if (StatelessResetToken is { } token)
            WriteBytes(ref writer, Id.StatelessResetToken, token);
        WriteNumber(ref writer, Id.MaxUdpPayload, MaxUdpPayload, 65527);
        WriteNumber(ref writer, Id.MaxData, MaxData, 0);
        WriteNumber(ref writer, Id.MaxStreamDataBidiLocal, MaxStreamDataBidiLocal, 0);
        WriteNumber(ref writer, Id.MaxStreamDataBidiRemote, MaxStreamDataBidiRemote, 0);
        WriteNumber(ref writer, Id.MaxStreamDataUni, MaxStreamDataUni, 0);
        WriteNumber(ref writer, Id.MaxStreamsBidi, MaxStreamsBidi, 0);
        WriteNumber(ref writer, Id.MaxStreamsUni, MaxStreamsUni, 0);
        WriteNumber(ref writer, Id.AckDelayExponent, AckDelayExponent, 3);
        WriteNumber(ref writer, Id.MaxAckDelay, MaxAckDelayMs, 25);
        if (DisableActiveMigration)
            WriteBytes(ref writer, Id.DisableActiveMigration, []);
        WriteNumber(ref writer, Id.ActiveConnectionIdLimit, ActiveConnectionIdLimit, 2);
        WriteId(ref writer, Id.InitialSource, InitialSource);
        WriteId(ref writer, Id.RetrySource, RetrySource);
        WriteNumber(ref writer, Id.MaxDatagramFrame, MaxDatagramFrame, 0);
        return buffer[..writer.Length];
    }

    /// <summary>Reads a peer's parameters; throws what to close the connection with when they break the rules.</summary>
    public static TransportParameters Decode(ReadOnlySpan<byte> source, bool fromServer)
    {
        var parameters = new TransportParameters();
        var seen = new HashSet<long>();
        var reader = new WireReader(source);
        while (reader.Remaining > 0)
        {
            if (!reader.TryReadVarInt(out long id) || !reader.TryReadVarInt(out long length)
                || !reader.TryReadBytes(length, out var value))
                throw Malformed("is cut short");
            if (!seen.Add(id))
                throw Malformed($"{id:x} comes twice");
            if (!fromServer
                && id is Id.OriginalDestination or Id.StatelessResetToken or Id.PreferredAddress or Id.RetrySource)
                throw Malformed($"{id:x} is for servers only");
            parameters = parameters.With(id, value);
        }

        return parameters;
    }

    private TransportParameters With(long id, ReadOnlySpan<byte> value) => id switch
    {
        Id.OriginalDestination => this with { OriginalDestination = ReadId(value) },
        Id.MaxIdleTimeout => this with { MaxIdleTimeoutMs = ReadNumber(id, value, 0, VarInt.Max) },
        Id.StatelessResetToken => this with { StatelessResetToken = ReadToken(value) },
        Id.MaxUdpPayload => this with { MaxUdpPayload = ReadNumber(id, value, 1200, VarInt.Max) },
        Id.MaxData => this with { MaxData = ReadNumber(id, value, 0, VarInt.Max) },
        Id.MaxStreamDataBidiLocal => this with { MaxStreamDataBidiLocal = ReadNumber(id, value, 0, VarInt.Max) },
        Id.MaxStreamDataBidiRemote => this with { MaxStreamDataBidiRemote = ReadNumber(id, value, 0, VarInt.Max) },
        Id.MaxStreamDataUni => this with { MaxStreamDataUni = ReadNumber(id, value, 0, VarInt.Max) },
        Id.MaxStreamsBidi => this with { MaxStreamsBidi = ReadNumber(id, value, 0, 1L << 60) },
        Id.MaxStreamsUni => this with { MaxStreamsUni = ReadNumber(id, value, 0, 1L << 60) },
        Id.AckDelayExponent => this with { AckDelayExponent = (int)ReadNumber(id, value, 0, 20) },
        Id.MaxAckDelay => this with { MaxAckDelayMs = (int)ReadNumber(id, value, 0, (1 << 14) - 1) },
        Id.DisableActiveMigration => this with { DisableActiveMigration = true },
        Id.ActiveConnectionIdLimit => this with { ActiveConnectionIdLimit = ReadNumber(id, value, 2, VarInt.Max) },
        Id.InitialSource => this with { InitialSource = ReadId(value) },
        Id.RetrySource => this with { RetrySource = ReadId(value) },
        Id.MaxDatagramFrame => this with { MaxDatagramFrame = ReadNumber(id, value, 0, VarInt.Max) },
        _ => this
    };

    private static ConnectionId ReadId(ReadOnlySpan<byte> value) =>
        value.Length <= ConnectionId.MaxLength ? new ConnectionId(value) : throw Malformed("has too long a connection id");

    private static byte[] ReadToken(ReadOnlySpan<byte> value) =>
        value.Length == 16 ? value.ToArray() : throw Malformed("has a reset token of the wrong size");

    private static long ReadNumber(long id, ReadOnlySpan<byte> value, long min, long max) =>
        VarInt.TryRead(value, out long number, out int length) && length == value.Length && number >= min && number <= max
            ? number
            : throw Malformed($"{id:x} is out of range");

    private static ProtocolException Malformed(string what) =>
        new(TransportError.TransportParameter, $"transport parameter {what}");

    private static void WriteNumber(ref WireWriter writer, long id, long value, long standard)
    {
        if (value == standard)
            return;
        writer.WriteVarInt(id);
        writer.WriteVarInt(VarInt.LengthOf(value));
        writer.WriteVarInt(value);
    }

    private static void WriteId(ref WireWriter writer, long id, ConnectionId? value)
    {
        if (value is { } connectionId)
            WriteBytes(ref writer, id, connectionId.ToArray());
    }

    private static void WriteBytes(ref WireWriter writer, long id, ReadOnlySpan<byte> value)
    {
        writer.WriteVarInt(id);
        writer.WriteVarInt(value.Length);
        writer.WriteBytes(value);
    }

    private static class Id
    {
        public const long OriginalDestination = 0x00;
        public const long MaxIdleTimeout = 0x01;
        public const long StatelessResetToken = 0x02;
        public const long MaxUdpPayload = 0x03;
        public const long MaxData = 0x04;
        public const long MaxStreamDataBidiLocal = 0x05;
        public const long MaxStreamDataBidiRemote = 0x06;
        public const long MaxStreamDataUni = 0x07;
        public const long MaxStreamsBidi = 0x08;
        public const long MaxStreamsUni = 0x09;
        public const long AckDelayExponent = 0x0a;
        public const long MaxAckDelay = 0x0b;
        public const long DisableActiveMigration = 0x0c;
        public const long PreferredAddress = 0x0d;
        public const long ActiveConnectionIdLimit = 0x0e;
        public const long InitialSource = 0x0f;
        public const long RetrySource = 0x10;
        public const long MaxDatagramFrame = 0x20;
    }
}
