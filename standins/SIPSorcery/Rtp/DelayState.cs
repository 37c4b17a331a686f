namespace SIPSorcery.Net;

/// <summary>What the queue on the way does.</summary>
internal enum DelayState
{
    Normal,
    Overuse,
    Underuse,
}
