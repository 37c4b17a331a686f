using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ball.Handoff.Tests;

/// <summary>A detector that keeps what it reads.</summary>
internal sealed class Reading : IDisposable
{
    private readonly FramePipeReader _reader;
    private readonly Thread _thread;
    private readonly BlockingCollection<(FrameHeader, byte[])> _frames = [];

    public Reading(string path, ILogger? log = null)
    {
        _reader = new FramePipeReader(path, log);
        _thread = new Thread(() =>
        {
            while (_reader.Read(out var header, out var picture))
                _frames.Add((header, picture.Bytes.ToArray()));
        })
        { IsBackground = true };
        _thread.Start();
    }

    public FramePipeReader Reader => _reader;

    public int Count => _frames.Count;

    public (FrameHeader Header, byte[] Bytes) Next()
    {
        Assert.True(_frames.TryTake(out var frame, Frames.Soon), "no frame came");
        return frame;
    }

    public void Dispose()
    {
        _reader.Dispose();
        Assert.True(_thread.Join(Frames.Soon), "the reader does not stop");
        _frames.Dispose();
    }
}
