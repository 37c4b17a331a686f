namespace SIPSorcery.Net;

/// <summary>Whether an agent is full or lite.</summary>
public enum IceImplementationEnum
{
    full,
    lite,
}
