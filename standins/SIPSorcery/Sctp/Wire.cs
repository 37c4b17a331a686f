namespace SIPSorcery.Net.Sctp;

/// <summary>Chunk types (RFC 9260, 3758, 6525).</summary>
internal static class ChunkType
{
    public const byte Data = 0;
    public const byte Init = 1;
    public const byte InitAck = 2;
    public const byte Sack = 3;
    public const byte Heartbeat = 4;
    public const byte HeartbeatAck = 5;
    public const byte Abort = 6;
    public const byte Shutdown = 7;
    public const byte ShutdownAck = 8;
    public const byte Error = 9;
    public const byte CookieEcho = 10;
    public const byte CookieAck = 11;
    public const byte ShutdownComplete = 14;
    public const byte ReConfig = 130;
    public const byte ForwardTsn = 192;
}

/// <summary>Flags of a DATA chunk.</summary>
internal static class DataFlags
{
    public const byte End = 1;
    public const byte Begin = 2;
    public const byte Unordered = 4;
    public const byte Immediate = 8;
}

/// <summary>Parameter types of INIT, INIT ACK and RE-CONFIG.</summary>
internal static class ParameterType
{
    public const ushort HeartbeatInfo = 1;
    public const ushort Ipv4Address = 5;
    public const ushort Ipv6Address = 6;
    public const ushort StateCookie = 7;
    public const ushort Unrecognized = 8;
    public const ushort CookiePreservative = 9;
    public const ushort SupportedAddressTypes = 12;
    public const ushort OutgoingReset = 13;
    public const ushort IncomingReset = 14;
    public const ushort TsnReset = 15;
    public const ushort ReConfigResponse = 16;
    public const ushort AddOutgoingStreams = 17;
    public const ushort AddIncomingStreams = 18;
    public const ushort SupportedExtensions = 0x8008;
    public const ushort ForwardTsnSupported = 0xC000;
}

/// <summary>Causes carried by ERROR and ABORT.</summary>
internal static class ErrorCause
{
    public const ushort InvalidStream = 1;
    public const ushort StaleCookie = 3;
    public const ushort OutOfResource = 4;
    public const ushort UnrecognizedChunk = 6;
    public const ushort InvalidMandatoryParameter = 7;
    public const ushort UnrecognizedParameters = 8;
    public const ushort NoUserData = 9;
    public const ushort Restart = 11;
    public const ushort UserInitiated = 12;
    public const ushort ProtocolViolation = 13;
}

/// <summary>Answers to a RE-CONFIG request (RFC 6525, 4.4).</summary>
internal static class ReConfigResult
{
    public const uint NothingToDo = 0;
    public const uint Performed = 1;
    public const uint Denied = 2;
    public const uint WrongStream = 3;
    public const uint RequestInProgress = 4;
    public const uint BadSequence = 5;
    public const uint InProgress = 6;
}
