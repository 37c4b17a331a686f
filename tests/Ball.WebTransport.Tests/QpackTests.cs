using System.Text;
using Ball.WebTransport.Qpack;
using FsCheck;
using FsCheck.Fluent;

namespace Ball.WebTransport.Tests;

/// <summary>Header fields and their Huffman code.</summary>
public sealed class QpackTests
{
    [Theory]
    [InlineData("f1e3c2e5f23a6ba0ab90f4ff", "www.example.com")]
    [InlineData("a8eb10649cbf", "no-cache")]
    [InlineData("25a849e95ba97d7f", "custom-key")]
    [InlineData("25a849e95bb8e8b4bf", "custom-value")]
    [InlineData("d07abe941054d444a8200595040b8166e082a62d1bff", "Mon, 21 Oct 2013 20:13:21 GMT")]
    [InlineData("9d29ad171863c78f0b97c8e9ae82ae43d3", "https://www.example.com")]
    public void Huffman_codes_read_as_RFC_7541_shows(string hex, string expected)
    {
        var target = new byte[100];
        Assert.True(Huffman.TryDecode(Convert.FromHexString(hex), target, out int written));
        Assert.Equal(expected, Encoding.ASCII.GetString(target, 0, written));
    }

    [Theory]
    [InlineData("ffff")] // Padding that is too long.
    [InlineData("ffffffff")] // The end of the string, which is never sent.
    public void Wrong_Huffman_codes_are_refused(string hex) =>
        Assert.False(Huffman.TryDecode(Convert.FromHexString(hex), new byte[100], out _));

    [Fact]
    public void The_static_table_is_the_RFCs()
    {
        Assert.Equal(99, StaticTable.Count);
        Assert.Equal(new HeaderField(":authority", ""), StaticTable.At(0));
        Assert.Equal(new HeaderField(":method", "CONNECT"), StaticTable.At(15));
        Assert.Equal(new HeaderField(":status", "200"), StaticTable.At(25));
        Assert.Equal(new HeaderField("content-type", "text/plain;charset=utf-8"), StaticTable.At(54));
        Assert.Equal(new HeaderField(":status", "500"), StaticTable.At(71));
        Assert.Equal(new HeaderField("origin", ""), StaticTable.At(90));
        Assert.Equal(new HeaderField("x-frame-options", "sameorigin"), StaticTable.At(98));
        Assert.Null(StaticTable.At(99));
    }

    [Fact]
    public void A_literal_with_a_static_name_reads_as_RFC_9204_shows() => Assert.Equal(
        [new HeaderField(":path", "/index.html")],
        FieldSection.Decode(Convert.FromHexString("0000510b2f696e6465782e68746d6c"))!);

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    [InlineData(503)]
    public void A_status_comes_back(int status) => Assert.Equal(
        [new HeaderField(":status", status.ToString())], FieldSection.Decode(FieldSection.EncodeStatus(status))!);

    [Fact]
    public void Fields_come_back() => Prop.ForAll(
        ArbMap.Default.ArbFor<(NonNull<string> Name, NonNull<string> Value)[]>(),
        pairs =>
        {
            var fields = pairs.Take(50).Select(pair => new HeaderField(
                string.Concat(pair.Name.Get.Where(char.IsAsciiLetterOrDigit)),
                Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(pair.Value.Get)))).ToList();
            return FieldSection.Decode(FieldSection.Encode(fields)) is { } back && back.SequenceEqual(fields);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("0100d9")] // Needs a dynamic table.
    [InlineData("000080")] // Refers to one.
    [InlineData("0000ff")] // Cut short.
    [InlineData("0000ff24")] // Beyond the static table.
    [InlineData("000023616263")] // A name without a value.
    [InlineData("0000ffffffffffffffffffff")] // A number without end.
    public void Wrong_field_sections_are_refused(string hex) => Assert.Null(FieldSection.Decode(Convert.FromHexString(hex)));

    [Fact]
    public void Garbage_is_survived()
    {
        var random = new Random(5);
        for (int i = 0; i < 200_000; i++)
        {
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            if (bytes.Length > 1)
                bytes[0] = bytes[1] = 0;
            FieldSection.Decode(bytes);
        }
    }
}
