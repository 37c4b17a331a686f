using System.Text;

namespace SIPSorcery.Net;

/// <summary>User fragment and password of one side for one ICE generation.</summary>
internal sealed class IceCredentials(string ufrag, string password)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    public string Ufrag { get; } = ufrag;

    public string Password { get; } = password;

    public byte[] Key { get; } = Encoding.UTF8.GetBytes(password);

    public byte[] Name { get; } = Encoding.UTF8.GetBytes(ufrag);

    public static IceCredentials Create(Random random) =>
        new(new string(random.GetItems<char>(Alphabet, 8)), new string(random.GetItems<char>(Alphabet, 24)));
}
