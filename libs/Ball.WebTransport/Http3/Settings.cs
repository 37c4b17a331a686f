using Ball.Quic.Packets;

namespace Ball.WebTransport.Http3;

/// <summary>What we tell of ourselves on the control stream.</summary>
static class Settings
{
    private static readonly (long Id, long Value)[] s_ours =
    [
        (0x01, 0),        // QPACK: no dynamic table,
        (0x07, 0),        // and nothing blocked by it.
        (0x08, 1),        // Extended CONNECT.
        (0x33, 1),        // HTTP datagrams.
        (0x2b603742, 1),  // WebTransport, draft 2, which Chromium looks for,
        (0xc671706a, 16)  // and draft 7: sessions per connection.
    ];

    /// <summary>The control stream's type and its first frame.</summary>
    public static byte[] ControlStreamStart()
    {
        Span<byte> body = stackalloc byte[64];
        int length = 0;
        foreach (var (id, value) in s_ours)
        {
            length += VarInt.Write(body[length..], id);
            length += VarInt.Write(body[length..], value);
        }

        return [(byte)Http3Code.ControlStream, (byte)Http3Code.SettingsFrame, (byte)length, .. body[..length]];
    }
}
