using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Ball.WebTransport.Transport;

/// <summary>A QUIC listener, whoever made it.</summary>
interface ITransportListener : IAsyncDisposable
{
    IPEndPoint LocalEndPoint { get; }

    /// <summary>What to call it in logs and on the page.</summary>
    string Name { get; }

    /// <summary>
    /// The next connection that has finished its handshake; throws <see cref="ObjectDisposedException"/> at the end.
    /// </summary>
    ValueTask<ITransportConnection> AcceptAsync(CancellationToken cancellation);

    void UseCertificate(X509Certificate2 certificate);
}
