namespace Aspire.Hosting.ApplicationModel;

/// <summary>The parts of an endpoint.</summary>
public enum EndpointProperty
{
    /// <summary>Scheme, host and port.</summary>
    Url,

    /// <summary>The host.</summary>
    Host,

    /// <summary>The host as an IPv4 address.</summary>
    IPV4Host,

    /// <summary>The port that others use.</summary>
    Port,

    /// <summary>The scheme.</summary>
    Scheme,

    /// <summary>The port that the resource listens on.</summary>
    TargetPort,

    /// <summary>Host and port.</summary>
    HostAndPort,

    /// <summary>Whether it speaks TLS.</summary>
    TlsEnabled,
}
