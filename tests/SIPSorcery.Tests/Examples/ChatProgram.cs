using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SIPSorcery.Net;

namespace SIPSorcery.Tests.Examples;

/// <summary>
/// A chat over a data channel, written as an application of the package would be: public names of SIPSorcery 10 only, and
/// descriptions and candidates carried as JSON text by whatever the application signals with.
/// </summary>
internal sealed class ChatProgram : IDisposable
{
    private readonly RTCPeerConnection _connection;
    private readonly ILogger _logger = NullLogger.Instance;
    private readonly Action<string> _signal;
    private readonly string _name;
    private RTCDataChannel? _channel;

    public ChatProgram(string name, Action<string> signal)
    {
        SIPSorcery.LogFactory.Set(NullLoggerFactory.Instance);
        (_name, _signal) = (name, signal);
        _connection = new RTCPeerConnection(new RTCConfiguration
        {
            iceServers = [],
            iceTransportPolicy = RTCIceTransportPolicy.all,
            X_UseRtpFeedbackProfile = true,
        });
        _connection.onconnectionstatechange += state =>
        {
            _logger.LogDebug("{Name} is {State}", _name, state);
            if (state == RTCPeerConnectionState.closed)
            {
                Closed.TrySetResult();
            }
        };
        _connection.onicecandidate += candidate =>
        {
            if (candidate != null && _connection.signalingState != RTCSignalingState.closed)
            {
                _signal(new RTCIceCandidateInit
                {
                    candidate = candidate.candidate,
                    sdpMid = candidate.sdpMid ?? "0",
                    sdpMLineIndex = candidate.sdpMLineIndex,
                    usernameFragment = candidate.usernameFragment,
                }.toJSON());
            }
        };
        _connection.ondatachannel += Listen;
    }

    public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<string> Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Calls the other side.</summary>
    public async Task CallAsync()
    {
        Listen(await _connection.createDataChannel("chat", new RTCDataChannelInit { ordered = true }));
        var offer = _connection.createOffer(new RTCOfferOptions { X_ExcludeIceCandidates = true });
        await _connection.setLocalDescription(offer);
        _signal(offer.toJSON());
    }

    /// <summary>Takes what the other side signalled.</summary>
    public async Task TakeAsync(string message)
    {
        if (RTCIceCandidateInit.TryParse(message, out var candidate))
        {
            _connection.addIceCandidate(candidate);
        }
        else if (RTCSessionDescriptionInit.TryParse(message, out var description))
        {
            var result = _connection.setRemoteDescription(description);
            if (result != SetDescriptionResultEnum.OK)
            {
                _connection.Close($"failed to set remote description, {result}");
            }
            else if (description.type == RTCSdpType.offer)
            {
                var answer = _connection.createAnswer();
                await _connection.setLocalDescription(answer);
                _signal(answer.toJSON());
            }
        }
    }

    public void Say(string text)
    {
        if (_channel is { readyState: RTCDataChannelState.open })
        {
            _channel.send(text);
        }
    }

    public void Dispose() => _connection.close();

    private void Listen(RTCDataChannel channel)
    {
        _channel = channel;
        channel.onopen += () => Opened.TrySetResult();
        channel.onerror += error => _logger.LogWarning("{Error}", error);
        channel.onmessage += (from, protocol, data) =>
        {
            if (protocol == DataChannelPayloadProtocols.WebRTC_String)
            {
                Heard.TrySetResult($"{from.label}: {Encoding.UTF8.GetString(data)}");
            }
        };
    }
}
