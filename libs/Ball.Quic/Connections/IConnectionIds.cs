using Ball.Quic.Packets;

namespace Ball.Quic.Connections;

/// <summary>The endpoint's list of ids by which connections are found.</summary>
interface IConnectionIds
{
    /// <summary>Makes an id that leads to the connection.</summary>
    ConnectionId Add(Connection connection);

    void Remove(in ConnectionId id);

    /// <summary>A client's first id leads to the connection until the handshake is over.</summary>
    void AddInitial(in ConnectionId id, Connection connection);

    void RemoveInitial(in ConnectionId id);

    /// <summary>The token that proves a stateless reset for this id.</summary>
    byte[] ResetTokenOf(in ConnectionId id);
}
