using System.Text;

namespace Ball.Link.Messages;

/// <summary>The texts by which two of our ends compare clocks.</summary>
public static class ClockMessages
{
    /// <summary>Tells a peer that we know this protocol.</summary>
    /// <param name="name">Who speaks: `server`, `client` or `page`.</param>
    public static string Hello(string name) =>
        $$"""{"hello":"{{name}}","version":{{PeerMessage.Version}},"clock":true}""";

    public static string Ask(uint id, long asked)
    {
        Span<byte> buffer = stackalloc byte[128];
        var text = new Utf8Text(buffer);
        text.Add("{\"clock\":\"ask\",\"id\":"u8);
        text.Add(id);
        text.Add(",\"t1\":"u8);
        text.Add(asked);
        text.Add("}"u8);
        return Encoding.ASCII.GetString(buffer[..text.Length]);
    }

    public static string Answer(in ClockStamps stamps)
    {
        Span<byte> buffer = stackalloc byte[192];
        var text = new Utf8Text(buffer);
        text.Add("{\"clock\":\"answer\",\"id\":"u8);
        text.Add(stamps.Id);
        text.Add(",\"t1\":"u8);
        text.Add(stamps.Asked);
        text.Add(",\"t2\":"u8);
        text.Add(stamps.Heard);
        text.Add(",\"t3\":"u8);
        text.Add(stamps.Answered);
        text.Add("}"u8);
        return Encoding.ASCII.GetString(buffer[..text.Length]);
    }
}
