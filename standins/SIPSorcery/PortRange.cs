namespace SIPSorcery.Sys;

/// <summary>A range of ports from which a connection takes one when none is given.</summary>
public class PortRange
{
    private readonly Lock _lock = new();
    private readonly Random? _random;
    private int _next;

    /// <summary>A range of even start and odd end, both included.</summary>
    public PortRange(int startPort, int endPort, bool shuffle = false, int? randomSeed = null)
    {
        if (startPort is <= 0 or > 65535 || startPort % 2 == 1)
        {
            throw new ArgumentException($"startPort must be an even port number, but is {startPort}.", nameof(startPort));
        }

        if (endPort is <= 0 or > 65535 || endPort - startPort < 2)
        {
            throw new ArgumentException(
                $"endPort must be a port number at least 2 above startPort, but is {endPort}.", nameof(endPort));
        }

        StartPort = startPort;
        EndPort = endPort % 2 == 0 ? endPort - 1 : endPort;
        _random = shuffle ? randomSeed is { } seed ? new Random(seed) : new Random() : null;
        _next = startPort;
    }

    /// <summary>First port of the range.</summary>
    public int StartPort { get; }

    /// <summary>Last port of the range.</summary>
    public int EndPort { get; }

    /// <summary>The next even port to try; starts again at the end of the range.</summary>
    public virtual int GetNextPort()
    {
        lock (_lock)
        {
            if (_random is not null)
            {
                return _random.Next(StartPort, EndPort + 1) & ~1;
            }

            var port = _next;
            _next = port + 2 > EndPort ? StartPort : port + 2;
            return port;
        }
    }
}
