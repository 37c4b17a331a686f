using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using AesInstructions = System.Runtime.Intrinsics.X86.Aes;

namespace SIPSorcery.Net;

/// <summary>AES-128 in SRTP's counter mode: a 16-bit block counter behind a 112-bit start value. In place.</summary>
internal sealed class AesCounterMode : IDisposable
{
    const int Block = 16;
    const int Batch = 8;

    [InlineArray(11)]
    struct RoundKeys
    {
        Vector128<byte> _first;
    }

    readonly RoundKeys _keys;
    readonly Aes? _software;

    public AesCounterMode(ReadOnlySpan<byte> key, bool allowHardware = true)
    {
        if (allowHardware && AesInstructions.IsSupported)
        {
            _keys = Expand(key);
            return;
        }
        _software = Aes.Create();
        _software.Key = key.ToArray();
    }

    /// <summary>Encrypts or decrypts, which are the same. Data of at most 2^16 blocks.</summary>
    public void Apply(ReadOnlySpan<byte> start, Span<byte> data)
    {
        if (_software is null)
            ApplyHardware(start, data);
        else
            ApplySoftware(start, data);
    }

    public void Dispose() => _software?.Dispose();

    void ApplyHardware(ReadOnlySpan<byte> start, Span<byte> data)
    {
        var keys = _keys;
        var counter = Vector128.Create(start[..Block]).AsUInt16();
        ushort index = 0;
        ref var bytes = ref MemoryMarshal.GetReference(data);
        nuint offset = 0;
        var left = data.Length;

        // Eight blocks are in flight at a time, to fill the pipeline of the AES unit.
        for (; left >= Batch * Block; left -= Batch * Block, offset += Batch * Block, index += Batch)
        {
            var k = keys[0];
            var b0 = Next(counter, index) ^ k;
            var b1 = Next(counter, (ushort)(index + 1)) ^ k;
            var b2 = Next(counter, (ushort)(index + 2)) ^ k;
            var b3 = Next(counter, (ushort)(index + 3)) ^ k;
            var b4 = Next(counter, (ushort)(index + 4)) ^ k;
            var b5 = Next(counter, (ushort)(index + 5)) ^ k;
            var b6 = Next(counter, (ushort)(index + 6)) ^ k;
            var b7 = Next(counter, (ushort)(index + 7)) ^ k;
            for (var round = 1; round < 10; round++)
            {
                k = keys[round];
                b0 = AesInstructions.Encrypt(b0, k);
                b1 = AesInstructions.Encrypt(b1, k);
                b2 = AesInstructions.Encrypt(b2, k);
                b3 = AesInstructions.Encrypt(b3, k);
                b4 = AesInstructions.Encrypt(b4, k);
                b5 = AesInstructions.Encrypt(b5, k);
                b6 = AesInstructions.Encrypt(b6, k);
                b7 = AesInstructions.Encrypt(b7, k);
            }
            k = keys[10];
            Mix(ref bytes, offset, AesInstructions.EncryptLast(b0, k));
            Mix(ref bytes, offset + 16, AesInstructions.EncryptLast(b1, k));
            Mix(ref bytes, offset + 32, AesInstructions.EncryptLast(b2, k));
            Mix(ref bytes, offset + 48, AesInstructions.EncryptLast(b3, k));
            Mix(ref bytes, offset + 64, AesInstructions.EncryptLast(b4, k));
            Mix(ref bytes, offset + 80, AesInstructions.EncryptLast(b5, k));
            Mix(ref bytes, offset + 96, AesInstructions.EncryptLast(b6, k));
            Mix(ref bytes, offset + 112, AesInstructions.EncryptLast(b7, k));
        }

        for (; left > 0; left -= Block, offset += Block, index++)
        {
            var block = Next(counter, index) ^ keys[0];
            for (var round = 1; round < 10; round++)
                block = AesInstructions.Encrypt(block, keys[round]);
            block = AesInstructions.EncryptLast(block, keys[10]);
            if (left >= Block)
            {
                Mix(ref bytes, offset, block);
                continue;
            }
            var tail = data[^left..];
            for (var i = 0; i < tail.Length; i++)
                tail[i] ^= block.GetElement(i);
        }
    }

    void ApplySoftware(ReadOnlySpan<byte> start, Span<byte> data)
    {
        Span<byte> counters = stackalloc byte[16 * Block];
        Span<byte> stream = stackalloc byte[16 * Block];
        var first = BinaryPrimitives.ReadUInt16BigEndian(start[14..]);
        for (ushort index = 0; data.Length > 0;)
        {
            var take = Math.Min(data.Length, counters.Length);
            var blocks = (take + Block - 1) / Block;
            for (var i = 0; i < blocks; i++, index++)
            {
                var counter = counters.Slice(i * Block, Block);
                start[..Block].CopyTo(counter);
                BinaryPrimitives.WriteUInt16BigEndian(counter[14..], (ushort)(first + index));
            }
            _software!.EncryptEcb(counters[..(blocks * Block)], stream, PaddingMode.None);
            for (var i = 0; i < take; i++)
                data[i] ^= stream[i];
            data = data[take..];
        }
    }

    // SRTP's start value ends in 16 zero bits, so the counter never carries out of the last element.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<byte> Next(Vector128<ushort> counter, ushort index) =>
        counter.WithElement(7, BinaryPrimitives.ReverseEndianness(index)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Mix(ref byte bytes, nuint offset, Vector128<byte> stream) =>
        (Vector128.LoadUnsafe(ref bytes, offset) ^ stream).StoreUnsafe(ref bytes, offset);

    static RoundKeys Expand(ReadOnlySpan<byte> key)
    {
        var keys = default(RoundKeys);
        keys[0] = Vector128.Create(key[..Block]);
        keys[1] = NextKey(keys[0], AesInstructions.KeygenAssist(keys[0], 0x01));
        keys[2] = NextKey(keys[1], AesInstructions.KeygenAssist(keys[1], 0x02));
        keys[3] = NextKey(keys[2], AesInstructions.KeygenAssist(keys[2], 0x04));
        keys[4] = NextKey(keys[3], AesInstructions.KeygenAssist(keys[3], 0x08));
        keys[5] = NextKey(keys[4], AesInstructions.KeygenAssist(keys[4], 0x10));
        keys[6] = NextKey(keys[5], AesInstructions.KeygenAssist(keys[5], 0x20));
        keys[7] = NextKey(keys[6], AesInstructions.KeygenAssist(keys[6], 0x40));
        keys[8] = NextKey(keys[7], AesInstructions.KeygenAssist(keys[7], 0x80));
        keys[9] = NextKey(keys[8], AesInstructions.KeygenAssist(keys[8], 0x1B));
        keys[10] = NextKey(keys[9], AesInstructions.KeygenAssist(keys[9], 0x36));
        return keys;
    }

    static Vector128<byte> NextKey(Vector128<byte> key, Vector128<byte> assist)
    {
        var words = key.AsUInt32();
        var mixed = assist.AsUInt32().GetElement(3);
        var w0 = words.GetElement(0) ^ mixed;
        var w1 = words.GetElement(1) ^ w0;
        var w2 = words.GetElement(2) ^ w1;
        return Vector128.Create(w0, w1, w2, words.GetElement(3) ^ w2).AsByte();
    }
}
