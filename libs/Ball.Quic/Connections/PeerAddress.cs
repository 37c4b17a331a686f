namespace Ball.Quic.Connections;

/// <summary>Where datagrams come from and go to, as a value: an IPv6 (or mapped IPv4) address and a port.</summary>
readonly record struct PeerAddress(UInt128 Ip, ushort Port, uint Scope = 0);
