using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace SIPSorcery.Net;

// Candidates of both sides.
public partial class RTCPeerConnection
{
    private const int MostEarlyCandidates = 100;
    private const ushort DefaultStunPort = 3478;

    private readonly List<RTCIceCandidate> _candidates = [];
    private readonly List<RTCIceCandidate> _earlyCandidates = [];
    private readonly ManualResetEventSlim _gathered = new();
    private Action<RTCIceCandidate>? _onCandidate;
    private Task _serverLookup = Task.CompletedTask;

    /// <summary>Raised for each own candidate; who subscribes late gets the earlier ones too.</summary>
    public event Action<RTCIceCandidate>? onicecandidate
    {
        add
        {
            List<RTCIceCandidate> earlier;
            lock (_lock)
            {
                _onCandidate += value;
                earlier = [.. _candidates];
            }

            earlier.ForEach(candidate => value?.Invoke(candidate));
        }

        remove
        {
            lock (_lock)
            {
                _onCandidate -= value;
            }
        }
    }

    /// <summary>
    /// Adds an own candidate, for example the public address that the port is mapped to: a container behind a published
    /// port adds <c>new RTCIceCandidate(RTCIceProtocol.udp, publicAddress, publicPort, RTCIceCandidateType.host)</c>.
    /// </summary>
    public void addLocalIceCandidate(RTCIceCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        Announce(candidate);
    }

    private void Gather()
    {
        iceGatheringState = RTCIceGatheringState.gathering;
        var rank = 0;
        if (_configuration.iceTransportPolicy == RTCIceTransportPolicy.all)
        {
            foreach (var address in HostAddresses.Find(
                _configuration.X_BindAddress, _configuration.X_ICEIncludeAllInterfaceAddresses))
            {
                var isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
                if (isIPv4 ? _port.TakesIPv4 : _port.IsIPv6)
                {
                    var port = (ushort)_port.LocalEndPoint.Port;
                    _candidates.Add(NewCandidate(RTCIceCandidateType.host, address, port, rank++));
                }
            }
        }

        if (_configuration.iceServers?.Where(IsStun).ToList() is not { Count: > 0 } servers ||
            _configuration.iceTransportPolicy != RTCIceTransportPolicy.all)
        {
            iceGatheringState = RTCIceGatheringState.complete;
            _gathered.Set();
            return;
        }

        _serverLookup = AskServersAsync(servers);
    }

    private static bool IsStun(RTCIceServer server) =>
        server.urls?.StartsWith("stun:", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Finds the servers' addresses and hands them to the agent; runs beside everything else.</summary>
    private async Task AskServersAsync(List<RTCIceServer> servers)
    {
        var found = new List<NetAddress>();
        foreach (var server in servers)
        {
            var target = server.urls["stun:".Length..].Split('?')[0];
            var colon = target.LastIndexOf(':');
            var port = colon > 0 && ushort.TryParse(target[(colon + 1)..], out var given) ? given : DefaultStunPort;
            var host = colon > 0 ? target[..colon] : target;
            try
            {
                using var timeout = new CancellationTokenSource(_configuration.X_GatherTimeoutMs);
                var addresses = await Dns.GetHostAddressesAsync(host, timeout.Token).ConfigureAwait(false);
                found.AddRange(addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork).Take(1)
                    .Select(address => NetAddress.From(address, port)));
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException or ArgumentException)
            {
                _logger.LogWarning("The STUN server {Server} was not found: {Reason}", target, error.Message);
                onicecandidateerror?.Invoke(null, $"The STUN server {target} was not found: {error.Message}");
            }
        }

        if (found.Count == 0)
        {
            FinishGathering();
            return;
        }

        lock (_lock)
        {
            if (!IsClosed)
            {
                var now = MonotonicClock.Now;
                found.ForEach(address => _ice.AddServer(address, now));
                _core.HandleTimeout(now);
                Settle(now);
            }
        }
    }

    private RTCIceCandidate NewCandidate(RTCIceCandidateType type, IPAddress address, ushort port, int rank) =>
        new(RTCIceProtocol.udp, address, port, type)
        {
            sdpMid = "0",
            usernameFragment = _ice.Local.Ufrag,
            priority = IcePriority.OfCandidate(type, address, rank),
        };

    private void AddReflexive(NetAddress outside)
    {
        var endPoint = outside.ToEndPoint();
        var candidate = NewCandidate(RTCIceCandidateType.srflx, endPoint.Address, (ushort)endPoint.Port, 0);
        candidate.relatedAddress = "0.0.0.0";
        Announce(candidate);
    }

    private void Announce(RTCIceCandidate candidate)
    {
        Action<RTCIceCandidate>? listeners;
        lock (_lock)
        {
            if (_candidates.Exists(known => known.address == candidate.address && known.port == candidate.port))
            {
                return;
            }

            candidate.sdpMid ??= "0";
            candidate.usernameFragment ??= _ice.Local.Ufrag;
            _candidates.Add(candidate);
            listeners = _onCandidate;
        }

        listeners?.Invoke(candidate);
    }

    private void FinishGathering()
    {
        if (iceGatheringState != RTCIceGatheringState.complete)
        {
            iceGatheringState = RTCIceGatheringState.complete;
            _gathered.Set();
            onicegatheringstatechange?.Invoke(RTCIceGatheringState.complete);
        }
    }

    private void WaitForGathering() => _gathered.Wait(_configuration.X_GatherTimeoutMs);

    private void AddRemote(RTCIceCandidate candidate, long now)
    {
        if (IsClosed)
        {
            return;
        }

        if (_isActive)
        {
            AddRemoteNow(candidate, now);
            Settle(now);
        }
        else if (_earlyCandidates.Count < MostEarlyCandidates)
        {
            _earlyCandidates.Add(candidate);
        }
    }

    /// <summary>
    /// Names such as Chromium's <c>….local</c> are passed over: its own checks show the address behind them, which then
    /// counts as peer-reflexive.
    /// </summary>
    private void AddRemoteNow(RTCIceCandidate candidate, long now)
    {
        if (candidate is { protocol: RTCIceProtocol.udp, component: RTCIceComponent.rtp } &&
            candidate.DestinationEndPoint is { Port: > 0 } endPoint &&
            !endPoint.Address.IsIPv6LinkLocal && !endPoint.Address.Equals(IPAddress.Any) &&
            (endPoint.AddressFamily == AddressFamily.InterNetwork ? _port.TakesIPv4 : _port.IsIPv6))
        {
            _ice.AddRemoteCandidate(NetAddress.From(endPoint), candidate.priority, candidate.type, now);
        }
    }
}
