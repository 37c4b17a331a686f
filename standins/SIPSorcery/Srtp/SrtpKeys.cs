using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SIPSorcery.Net;

/// <summary>Master key and salt of one direction, and the session keys derived from them (RFC 3711, 4.3; RFC 7714, 11).</summary>
internal readonly struct SrtpKeys
{
    public const int KeySize = 16;
    public const int AuthenticationKeySize = 20;
    const int CmSaltSize = 14;
    const int GcmSaltSize = 12;

    readonly byte[] _master;
    readonly byte[] _salt;

    public SrtpKeys(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
    {
        if (masterKey.Length != KeySize || masterSalt.Length != SaltSize(profile))
            throw new ArgumentException($"{profile} needs a {KeySize}-byte key and a {SaltSize(profile)}-byte salt.");
        Profile = profile;
        _master = masterKey.ToArray();
        _salt = masterSalt.ToArray();
    }

    public SrtpProfile Profile { get; }

    public static int SaltSize(SrtpProfile profile) => profile switch
    {
        SrtpProfile.Aes128CmHmacSha1_80 => CmSaltSize,
        SrtpProfile.AeadAes128Gcm => GcmSaltSize,
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "Not an SRTP profile that is supported here."),
    };

    /// <summary>Bytes to export from DTLS: both keys, then both salts, the client's first.</summary>
    public static int MaterialSize(SrtpProfile profile) => 2 * (KeySize + SaltSize(profile));

    /// <summary>Cuts exported keying material up, for the packets that the DTLS client, or the server, sends.</summary>
    public static SrtpKeys FromMaterial(SrtpProfile profile, ReadOnlySpan<byte> material, bool client)
    {
        var salt = SaltSize(profile);
        if (material.Length != MaterialSize(profile))
            throw new ArgumentException("The keying material has the wrong size for the profile.", nameof(material));
        var index = client ? 0 : 1;
        return new SrtpKeys(profile, material.Slice(index * KeySize, KeySize), material.Slice(2 * KeySize + index * salt, salt));
    }

    /// <summary>Derives a session key; the key derivation rate is zero, so it holds for the whole session.</summary>
    public void Derive(SrtpKeyLabel label, Span<byte> key)
    {
        // The salt is 112 bits; the shorter one of the AEAD profile counts as padded on the right.
        Span<byte> counter = stackalloc byte[16];
        counter.Clear();
        _salt.CopyTo(counter);
        counter[7] ^= (byte)label;

        using var aes = Aes.Create();
        aes.Key = _master;
        Span<byte> block = stackalloc byte[16];
        for (ushort i = 0; key.Length > 0; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(counter[14..], i);
            aes.EncryptEcb(counter, block, PaddingMode.None);
            var take = Math.Min(16, key.Length);
            block[..take].CopyTo(key);
            key = key[take..];
        }
    }
}
