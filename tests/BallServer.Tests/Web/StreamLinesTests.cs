using System.IO.Pipelines;
using System.Text;
using BallServer.Web.Sessions;

namespace BallServer.Tests.Web;

public class StreamLinesTests
{
    [Fact]
    public async Task Lines_come_out_whole_however_they_arrive()
    {
        var random = new Random(3);
        var lines = Enumerable.Range(0, 200).Select(i => new string((char)('a' + i % 26), random.Next(0, 3000))).ToArray();
        var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        var pipe = new Pipe();
        await using var transport = new StreamLines(pipe.Reader.AsStream());
        var writing = Task.Run(async () =>
        {
            for (var at = 0; at < bytes.Length;)
            {
                var length = Math.Min(bytes.Length - at, random.Next(1, 2000));
                await pipe.Writer.WriteAsync(bytes.AsMemory(at, length));
                at += length;
            }
            await pipe.Writer.CompleteAsync();
        });
        foreach (var line in lines)
            Assert.Equal(line, Encoding.UTF8.GetString((await transport.ReadAsync(CancellationToken.None))!.Value.Span));
        Assert.Null(await transport.ReadAsync(CancellationToken.None));
        await writing;
    }

    [Fact]
    public async Task A_line_without_end_is_refused()
    {
        await using var transport = new StreamLines(new MemoryStream(new byte[200_000]));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await transport.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Each_line_that_is_written_ends_once()
    {
        var stream = new MemoryStream();
        await using var transport = new StreamLines(stream);
        await transport.WriteAsync("{}"u8.ToArray(), CancellationToken.None);
        await transport.WriteAsync("{\"a\":1}\n"u8.ToArray(), CancellationToken.None);
        await transport.WriteAsync(new byte[1024], CancellationToken.None);
        Assert.Equal("{}\n{\"a\":1}\n" + new string('\0', 1024) + "\n", Encoding.UTF8.GetString(stream.ToArray()));
    }
}
