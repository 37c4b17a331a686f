using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SIPSorcery;

/// <summary>Where the engine's logs go. Silent until <see cref="Set"/> is called.</summary>
public class LogFactory
{
    private static readonly LogFactory s_theOne = new();

    private volatile ILoggerFactory _factory = NullLoggerFactory.Instance;

    private LogFactory()
    {
    }

    /// <summary>Raised after <see cref="Set"/>.</summary>
    public event Action? OnFactorySet;

    /// <summary>The process-wide factory.</summary>
    public static LogFactory Instance => s_theOne;

    /// <summary>Makes a logger for a category.</summary>
    public static ILogger CreateLogger(string categoryName) => s_theOne._factory.CreateLogger(categoryName);

    /// <summary>Makes a logger for a type.</summary>
    public static ILogger<T> CreateLogger<T>() => s_theOne._factory.CreateLogger<T>();

    /// <summary>Sends the engine's logs to a factory.</summary>
    public static void Set(ILoggerFactory factory)
    {
        s_theOne._factory = factory;
        s_theOne.OnFactorySet?.Invoke();
    }
}
