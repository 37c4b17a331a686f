using System.Diagnostics;
using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port on which a resource can be reached.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Name = {Name}")]
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private string? _transport;
    private int? _port;
    private int? _targetPort;
    private bool _portCleared;
    private bool _targetPortCleared;
    private bool? _explicitlyProxied;
    private bool? _tlsEnabled;

    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        [EndpointName] string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        Name = name ?? UriScheme;
        ModelName.Validate(nameof(EndpointAnnotation), Name);
        _transport = transport;
        _port = port;
        _targetPort = targetPort;
        IsExternal = isExternal ?? false;
        _explicitlyProxied = isProxied;
    }

    /// <summary>The name, unique on the resource.</summary>
    public string Name { get; set; }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The port that others use; null lets the engine choose. Without a proxy it is the target port.</summary>
    public int? Port
    {
        get => _port ?? (IsProxied || _portCleared ? null : _targetPort);
        set
        {
            _port = value;
            _portCleared = value is null;
        }
    }

    /// <summary>The port that the resource itself listens on; null lets the engine choose.</summary>
    public int? TargetPort
    {
        get => _targetPort ?? (IsProxied || _targetPortCleared ? null : _port);
        set
        {
            _targetPort = value;
            _targetPortCleared = value is null;
        }
    }

    /// <summary>The scheme of its URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>The host that the resource listens on.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary><c>http</c>, <c>http2</c>, <c>tcp</c> or <c>udp</c>.</summary>
    public string Transport
    {
        get => _transport ?? (IsHttpScheme(UriScheme) ? "http" : Protocol.ToString().ToLowerInvariant());
        set => _transport = value;
    }

    /// <summary>Whether it is open to the outside when deployed.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether the engine's proxy stands before it, which keeps the public port alive across restarts.</summary>
    public bool IsProxied
    {
        get => _explicitlyProxied ?? true;
        set => _explicitlyProxied = value;
    }

    /// <summary><see cref="IsProxied"/> as it was asked for; null means the default.</summary>
    public bool? IsExplicitlyProxied
    {
        get => _explicitlyProxied;
        set => _explicitlyProxied = value;
    }

    /// <summary>Whether a reference to the whole resource leaves this endpoint out.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>Whether it speaks TLS.</summary>
    public bool TlsEnabled
    {
        get => _tlsEnabled ?? string.Equals(UriScheme, "https", StringComparison.OrdinalIgnoreCase);
        set => _tlsEnabled = value;
    }

    /// <summary>The real address, once there is one.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => Allocation.IsValueSet ? Allocation.GetValueAsync().GetAwaiter().GetResult() : null;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Allocation.SetValue(value);
        }
    }

    internal ValueSnapshot<AllocatedEndpoint> Allocation { get; } = new();

    internal bool FromLaunchProfile { get; set; }

    /// <summary>The variable that carries the target port, if one was asked for.</summary>
    internal string? TargetPortEnvironmentVariable { get; set; }

    internal static bool IsHttpScheme(string scheme) => scheme is "http" or "https";

    internal static bool SameName(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Port 0 means "any", as no port does.</summary>
    internal static int? Fixed(int? port) => port is 0 ? null : port;
}
