using System.Security.Cryptography;
using Ball.Quic.Connections;
using Ball.Quic.Packets;

namespace Ball.Quic.Endpoint;

/// <summary>A client has one connection per socket, so that every datagram is its own.</summary>
sealed class ClientEndpoint : IConnectionIds
{
    private readonly byte[] _resetKey = RandomNumberGenerator.GetBytes(32);

    public ConnectionId Add(Connection connection) => ConnectionId.Random(PacketHeader.LocalIdLength);

    public void Remove(in ConnectionId id)
    {
    }

    public void AddInitial(in ConnectionId id, Connection connection)
    {
    }

    public void RemoveInitial(in ConnectionId id)
    {
    }

    public byte[] ResetTokenOf(in ConnectionId id) => HMACSHA256.HashData(_resetKey, id.ToArray())[..16];
}
