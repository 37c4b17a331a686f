namespace Ball.WebTransport.Http3;

/// <summary>Numbers of HTTP/3 (RFC 9114), HTTP datagrams (RFC 9297) and WebTransport (its drafts 2 and 7).</summary>
static class Http3Code
{
    // Errors.
    public const long NoError = 0x100;
    public const long GeneralProtocolError = 0x101;
    public const long StreamCreationError = 0x103;
    public const long FrameUnexpected = 0x105;
    public const long FrameError = 0x106;
    public const long ExcessiveLoad = 0x107;
    public const long SettingsError = 0x109;
    public const long MissingSettings = 0x10a;
    public const long RequestCancelled = 0x10c;
    public const long MessageError = 0x10e;
    public const long QpackDecompressionFailed = 0x200;
    public const long BufferedStreamRejected = 0x3994bd84;
    public const long SessionGone = 0x170d7b68;

    // Streams.
    public const long ControlStream = 0x00;
    public const long PushStream = 0x01;
    public const long QpackEncoderStream = 0x02;
    public const long QpackDecoderStream = 0x03;
    public const long WebTransportUniStream = 0x54;
    public const long WebTransportBidiStream = 0x41;

    // Frames.
    public const long DataFrame = 0x00;
    public const long HeadersFrame = 0x01;
    public const long SettingsFrame = 0x04;

    // Capsules.
    public const long CloseSessionCapsule = 0x2843;
    public const long DrainSessionCapsule = 0x78ae;
}
