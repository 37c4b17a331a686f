namespace SIPSorcery.Net;

/// <summary>Where the core's packets go.</summary>
internal interface IDatagramSink
{
    /// <summary>Room for a packet, valid until <see cref="Send"/>.</summary>
    Span<byte> Rent(int size);

    /// <summary>Sends the first bytes of the room rented last; 0 gives it back unused.</summary>
    void Send(int length, NetAddress to);
}
