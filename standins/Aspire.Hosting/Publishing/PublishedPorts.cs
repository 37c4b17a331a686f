namespace Aspire.Hosting.Publishing;

/// <summary>Hands out ports for a manifest, from 8000 on.</summary>
internal sealed class PublishedPorts
{
    private readonly HashSet<int> _used = [];
    private int _next = 8000;

    public int Next()
    {
        while (!_used.Add(_next)) _next++;
        return _next++;
    }

    public void Use(int? port)
    {
        if (port is { } used) _used.Add(used);
    }
}
