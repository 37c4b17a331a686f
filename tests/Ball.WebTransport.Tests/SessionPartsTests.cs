using Ball.WebTransport.Http3;
using Ball.WebTransport.Sessions;

namespace Ball.WebTransport.Tests;

/// <summary>Capsules, codes, settings and certificates.</summary>
public sealed class SessionPartsTests
{
    [Fact]
    public void A_closing_capsule_is_found_in_pieces_of_any_size()
    {
        byte[] frame = CapsuleReader.EncodeClose(1234, "the ball is gone");
        byte[] capsule = frame[2..];
        byte[] greased = [0x40, 0x99, 5, 1, 2, 3, 4, 5, .. capsule];
        for (int size = 1; size <= greased.Length; size++)
        {
            var reader = new CapsuleReader();
            foreach (var piece in greased.Chunk(size))
                reader.Add(piece);
            Assert.Equal(new CloseReason(1234, "the ball is gone", true), reader.Closed);
        }
    }

    [Fact]
    public void Other_capsules_are_skipped_whatever_their_size()
    {
        var reader = new CapsuleReader();
        reader.Add([0x40, 0x99, 0x80, 0x01, 0x00, 0x00]);
        for (int i = 0; i < 64; i++)
            reader.Add(new byte[1024]);
        Assert.Null(reader.Closed);
        reader.Add(CapsuleReader.EncodeClose(1, "")[2..]);
        Assert.Equal(1u, reader.Closed!.Value.Code);
    }

    [Theory]
    [InlineData("6843" + "02" + "0000")]
    [InlineData("6843" + "4500")]
    public void A_closing_capsule_of_the_wrong_size_is_an_error(string hex) =>
        Assert.Throws<Http3Exception>(() => new CapsuleReader().Add(Convert.FromHexString(hex)));

    [Fact]
    public void Capsules_survive_garbage()
    {
        var random = new Random(6);
        for (int i = 0; i < 50_000; i++)
        {
            var reader = new CapsuleReader();
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (random.Next(2) == 0 && bytes.Length > 2)
                (bytes[0], bytes[1]) = (0x68, 0x43);
            try
            {
                foreach (var piece in bytes.Chunk(random.Next(1, 50)))
                    reader.Add(piece);
            }
            catch (Http3Exception)
            {
                // An error of the peer's; anything else would be ours.
            }
        }
    }

    [Theory]
    [InlineData(0u, 0x52e4a40fa8dbL)]
    [InlineData(29u, 0x52e4a40fa8f8L)]
    [InlineData(30u, 0x52e4a40fa8faL)]
    [InlineData(uint.MaxValue, 0x52e5ac983162L)]
    public void Stream_codes_map_as_the_draft_says(uint code, long expected)
    {
        Assert.Equal(expected, ErrorCodes.ToHttp3(code));
        Assert.Equal(code, ErrorCodes.FromHttp3(expected));
    }

    [Theory]
    [InlineData(0x52e4a40fa8daL)]
    [InlineData(0x52e4a40fa8f9L)]
    [InlineData(0x52e5ac983163L)]
    [InlineData(0L)]
    public void Codes_that_are_not_WebTransports_are_none(long code) => Assert.Null(ErrorCodes.FromHttp3(code));

    [Fact]
    public void Every_code_comes_back()
    {
        var random = new Random(4);
        for (int i = 0; i < 100_000; i++)
        {
            uint code = (uint)random.NextInt64(1L << 32);
            Assert.Equal(code, ErrorCodes.FromHttp3(ErrorCodes.ToHttp3(code)));
        }
    }

    [Fact]
    public void The_control_stream_begins_with_the_settings_that_Chromium_needs() => Assert.Equal(
        "0004" + "16" + "0100" + "0700" + "0801" + "3301" + "ab60374201" + "c0000000c671706a10",
        Convert.ToHexStringLower(Settings.ControlStreamStart()));

    [Fact]
    public void A_certificate_is_what_browsers_ask_for()
    {
        using var certificate = ServerCertificate.Create();
        Assert.Equal(32, certificate.Hash.Length);
        Assert.InRange(certificate.NotAfter - DateTimeOffset.UtcNow, TimeSpan.FromDays(12.9), TimeSpan.FromDays(13));
    }
}
