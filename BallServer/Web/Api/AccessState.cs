using BallServer.Web.Sessions;

namespace BallServer.Web.Api;

/// <summary>What the one who asks may do.</summary>
internal sealed record AccessState(bool MayControl, bool TakesToken, WebTransportOffer WebTransport);
