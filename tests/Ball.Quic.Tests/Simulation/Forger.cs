using Ball.Quic.Connections;
using Ball.Quic.Crypto;
using Ball.Quic.Packets;
using Ball.Quic.Tls;

namespace Ball.Quic.Tests.Simulation;

/// <summary>Speaks to the server as the client does, with its keys, but with frames of the test's choosing.</summary>
sealed class Forger : IDisposable
{
    private readonly SimulatedNetwork _network;
    private readonly PacketOpener _opener = new(
        CipherSuite.Aes128Gcm, FakeHandshake.Secret(EncryptionLevel.Application, ofServer: true));
    private readonly byte[] _buffer = new byte[Connection.MaxDatagram];
    private byte[] _secret = FakeHandshake.Secret(EncryptionLevel.Application, ofServer: false);
    private readonly PacketSealer _sealer;
    private bool _phase;

    public Forger(ConnectionOptions? options = null)
    {
        _network = new SimulatedNetwork(1, options);
        Assert.True(_network.Run(() => _network.Server?.State == ConnectionState.Established
            && _network.Client.State == ConnectionState.Established));
        _network.Tap = (fromClient, datagram) =>
        {
            if (fromClient && (datagram[0] & 0x80) == 0)
                Id = datagram[1..(1 + PacketHeader.LocalIdLength)];
        };
        _network.Client.TrySendDatagram([1], []);
        _network.Run(() => false, 200_000);
        _network.Tap = null;
        while (Server.TryTakeDatagram(out _, out _))
        {
        }

        Now = _network.Now;
        _sealer = new PacketSealer(CipherSuite.Aes128Gcm, _secret);
    }

    public Connection Server => _network.Server!;

    public Connection Client => _network.Client;

    /// <summary>Ids that lead to the server's side.</summary>
    public int IdCount => _network.Endpoint.IdCount;

    public PeerAddress Address => _network.ClientAddress;

    public long Now { get; set; }

    /// <summary>The number of the next packet; far above those of the true client.</summary>
    public long Number { get; set; } = 1000;

    /// <summary>The id of the server that the client uses.</summary>
    public byte[] Id { get; set; } = [];

    /// <summary>Seals frames, given in hexadecimal, into a packet.</summary>
    public byte[] Packet(string frames, long? number = null, byte flags = 0)
    {
        byte[] payload = Convert.FromHexString(frames.Replace(" ", ""));
        var packet = new byte[1400];
        packet[0] = (byte)(0x43 | flags | (_phase ? 0x04 : 0));
        Id.CopyTo(packet, 1);
        PacketNumber.Write(packet.AsSpan(9), number ?? Number++, 4);
        payload.CopyTo(packet, 13);
        return packet[.._sealer.Seal(packet, 9, 4, payload.Length, number ?? Number - 1)];
    }

    /// <summary>The server gets the packet, from the client's address or another one.</summary>
    public void Deliver(byte[] packet, PeerAddress? from = null) => Server.Receive([.. packet], from ?? Address, Now);

    public void Send(string frames, PeerAddress? from = null) => Deliver(Packet(frames), from);

    /// <summary>Goes on with the next key.</summary>
    public void UpdateKey()
    {
        _secret = KeySchedule.NextSecret(CipherSuite.Aes128Gcm, _secret);
        _sealer.UpdateKey();
        _phase = !_phase;
    }

    /// <summary>
    /// Everything that the server sends now, opened: where to, its header's first byte, its id, and its frames.
    /// </summary>
    public List<Sent> Answers()
    {
        var answers = new List<Sent>();
        while (Server.TrySend(_buffer, Now, out int length, out var to))
        {
            var packet = _buffer.AsSpan(0, length).ToArray();
            int offset = 1 + PacketHeader.LocalIdLength;
            Assert.True(_opener.TryOpen(packet, offset, answers.Count == 0 ? Largest : answers[^1].Number, out var opened));
            Largest = Math.Max(Largest, opened.Number);
            answers.Add(new Sent(to, length, opened.Number, packet[0], packet[1..offset],
                packet[opened.PayloadOffset..(opened.PayloadOffset + opened.PayloadLength)]));
        }

        return answers;
    }

    /// <summary>The highest number that the server used.</summary>
    public long Largest { get; private set; }

    public int DatagramsTaken()
    {
        int taken = 0;
        while (Server.TryTakeDatagram(out _, out _))
            taken++;
        return taken;
    }

    public void Dispose()
    {
        _sealer.Dispose();
        _opener.Dispose();
    }

    public sealed record Sent(PeerAddress To, int Size, long Number, byte Flags, byte[] Id, byte[] Frames)
    {
        /// <summary>
        /// Where a frame of this type begins, given that only PADDING and acknowledgements of one range precede it.
        /// </summary>
        public byte[]? After(byte type)
        {
            int at = Array.IndexOf(Frames, type);
            return at < 0 ? null : Frames[(at + 1)..];
        }
    }
}
