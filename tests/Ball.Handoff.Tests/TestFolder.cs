namespace Ball.Handoff.Tests;

/// <summary>A folder of the test's own, gone when the test is over.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ball-test-").FullName;

    public string Pipe => System.IO.Path.Combine(Path, "frames.pipe");

    public string Slot => System.IO.Path.Combine(Path, "coordinates.slot");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
