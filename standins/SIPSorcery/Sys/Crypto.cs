using System.Security.Cryptography;

namespace SIPSorcery.Sys;

/// <summary>Random values and hashes, as far as data channel programs use them.</summary>
public static class Crypto
{
    /// <summary>Length of a random string when none is given.</summary>
    public const int DEFAULT_RANDOM_LENGTH = 10;

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>Fills a buffer with random bytes.</summary>
    public static void GetRandomBytes(byte[] buffer) => RandomNumberGenerator.Fill(buffer);

    /// <summary>Random capital letters.</summary>
    public static string GetRandomString(int length) => RandomNumberGenerator.GetString(Letters, length);

    /// <summary>Ten random capital letters.</summary>
    public static string GetRandomString() => GetRandomString(DEFAULT_RANDOM_LENGTH);

    /// <summary>The SHA-256 of a buffer in upper-case hexadecimal.</summary>
    public static string GetSHA256Hash(byte[] buffer) => Convert.ToHexString(SHA256.HashData(buffer));
}
