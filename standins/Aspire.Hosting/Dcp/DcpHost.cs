using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// One session of the engine: started with the application, told to clean up with it, ending by itself if we die.
/// </summary>
internal sealed partial class DcpHost(DcpBundle bundle, TimeProvider time, ILogger<DcpHost> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    // Ours, not the children's.
    private static readonly string[] s_notInherited =
    [
        "ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPIRE_LOGLEVEL",
        "ASPIRE_BACKCHANNEL_PATH", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL",
    ];

    private DcpClient? _client;

    /// <summary>The engine's interface, once it is started.</summary>
    public DcpClient Client => _client ?? throw new InvalidOperationException("The engine is not started.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var session = Directory.CreateTempSubdirectory("aspire-session-").FullName;
        var certificate = DcpCertificate.Create(session);
        var kubeconfig = Path.Join(session, "kubeconfig");
        var began = time.GetTimestamp();
        using (var starter = Process.Start(StartInfo(session, kubeconfig, certificate))
            ?? throw new DistributedApplicationException($"The Aspire engine '{bundle.EnginePath}' could not be started."))
        {
            var errors = starter.StandardError.ReadToEndAsync(cancellationToken);
            starter.OutputDataReceived += (_, _) => { };
            starter.BeginOutputReadLine();
            await starter.WaitForExitAsync(cancellationToken).WaitAsync(s_startLimit, time, cancellationToken)
                .ConfigureAwait(false);
            if (starter.ExitCode != 0)
            {
                throw new DistributedApplicationException(
                    $"The Aspire engine '{bundle.EnginePath}' ended at once with code {starter.ExitCode}: " +
                    $"{await errors.ConfigureAwait(false)}");
            }
        }

        while (true)
        {
            if (Read(kubeconfig) is var (server, token))
            {
                _client = new DcpClient(server, token, certificate.Thumbprint);
                logger.LogDebug("The engine answers at {Server} after {Elapsed}.", server, time.GetElapsedTime(began));
                return;
            }

            if (time.GetElapsedTime(began) > s_startLimit)
            {
                throw new DistributedApplicationException(
                    $"The Aspire engine '{bundle.EnginePath}' did not become ready within {s_startLimit.TotalSeconds:0} s.");
            }

            await Task.Delay(s_poll, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all processes of the session and the engine; waits for the processes.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_client is not { } client) return;
        var began = time.GetTimestamp();
        try
        {
            await client.BeginShutdownAsync(cancellationToken).ConfigureAwait(false);
            while (await client.HasExecutablesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (time.GetElapsedTime(began) > s_stopLimit)
                {
                    logger.LogWarning(
                        "Some processes have not ended within {Limit} s; the engine will end them.", s_stopLimit.TotalSeconds);
                    return;
                }

                await Task.Delay(s_poll, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (HttpRequestException)
        {
            // It has gone already, and its processes with it.
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(s_stopLimit, time);
            await StopAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It watches our process, so it ends with it at the latest.
        }

        _client?.Dispose();
        _client = null;
    }

    private static (Uri Server, string Token)? Read(string kubeconfig)
    {
        try
        {
            var text = File.ReadAllText(kubeconfig);
            var (server, token) = (ServerLine().Match(text), TokenLine().Match(text));
            return server.Success && token.Success ? (new Uri(server.Groups[1].Value), token.Groups[1].Value) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private ProcessStartInfo StartInfo(string session, string kubeconfig, DcpCertificate certificate)
    {
        var start = new ProcessStartInfo(bundle.EnginePath)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = session,
            ArgumentList =
            {
                "start-apiserver", "--monitor", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "--monitor-interval", "1", "--detach", "--kubeconfig", kubeconfig,
                "--tls-cert-file", certificate.CertificateFile, "--tls-key-file", certificate.KeyFile,
            },
        };
        foreach (var name in s_notInherited) start.Environment.Remove(name);
        start.Environment["DCP_SESSION_FOLDER"] = session;
        return start;
    }

    [GeneratedRegex(@"server:\s*(https://\S+)\s")]
    private static partial Regex ServerLine();

    [GeneratedRegex(@"token:\s*(\S+)\s")]
    private static partial Regex TokenLine();
}
