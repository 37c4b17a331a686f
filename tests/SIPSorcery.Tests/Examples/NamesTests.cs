using SIPSorcery.Net;
using SIPSorcery.Sys;

namespace SIPSorcery.Tests.Examples;

/// <summary>Names beside the connection that programs for the package use.</summary>
public sealed class NamesTests
{
    [Fact]
    public void The_channel_tells_the_port_to_advertise()
    {
        using var connection = new RTCPeerConnection();
        var port = connection.GetRtpChannel().RTPPort;
        var offered = SDP.ParseSDPDescription(OfferOf(connection))!.Media[0].IceCandidates;
        Assert.Contains(offered!, candidate => candidate.Contains($" {port} typ host", StringComparison.Ordinal));
        Assert.Equal("end-of-candidates", SDP.END_ICE_CANDIDATES_ATTRIBUTE);
    }

    [Fact]
    public void Hexadecimal_and_hashes_read_as_the_packages_do()
    {
        Assert.Equal("00AB7F", new byte[] { 0, 0xAB, 0x7F }.HexStr());
        Assert.Equal("00:AB:7F", new byte[] { 0, 0xAB, 0x7F }.HexStr(':'));
        Assert.Equal("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD", Crypto.GetSHA256Hash("abc"u8.ToArray()));
        Assert.Equal(7, Crypto.GetRandomString(7).Length);
        var buffer = new byte[32];
        Crypto.GetRandomBytes(buffer);
        Assert.NotEqual(new byte[32], buffer);
    }

    private static string OfferOf(IRTCPeerConnection connection)
    {
        ((RTCPeerConnection)connection).createDataChannel("any");
        return connection.createOffer().sdp;
    }
}
