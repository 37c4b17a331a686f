namespace BallClient.Options;

/// <summary>Where the detector process comes from.</summary>
internal enum DetectorSource
{
    /// <summary>The client starts its own.</summary>
    Spawn,

    /// <summary>Somebody else starts it, and it finds us by pipe and slot.</summary>
    Attach,
}
