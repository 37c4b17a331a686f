namespace Ball.WebTransport.Http3;

/// <summary>Where connections bring their sessions.</summary>
interface ISessionHost
{
    /// <summary>Decides on a session; 200 takes a place that <see cref="Release"/> gives back.</summary>
    int Admit(WebTransportRequest request);

    void Release();

    void Publish(WebTransportSession session);
}
