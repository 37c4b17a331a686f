namespace SIPSorcery.Net;

/// <summary>The STUN messages of ICE: method Binding with its class.</summary>
internal static class StunType
{
    public const ushort Request = 0x0001;
    public const ushort Indication = 0x0011;
    public const ushort Success = 0x0101;
    public const ushort Error = 0x0111;
}
