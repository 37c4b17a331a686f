namespace SIPSorcery.Net;

/// <summary>What an ICE agent reports.</summary>
internal enum IceEventKind
{
    /// <summary>The state of the checks changed.</summary>
    State,

    /// <summary>Packets go to another address from now on.</summary>
    Selected,

    /// <summary>An address has shown that it knows our password.</summary>
    Known,

    /// <summary>A STUN server told how we look from outside.</summary>
    Reflexive,

    /// <summary>All STUN servers have answered or were given up.</summary>
    GatheringDone,
}
