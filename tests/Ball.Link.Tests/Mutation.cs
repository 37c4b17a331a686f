namespace Ball.Link.Tests;

/// <summary>Spoils well-formed input in the ways networks and enemies do.</summary>
static class Mutation
{
    static readonly byte[] s_interesting = "\"{}[]:,\\+-.eE0 9\n\0nut"u8.ToArray();

    /// <summary>A few random changes to a copy of the seed; returns its new length.</summary>
    public static int Spoil(Random random, ReadOnlySpan<byte> seed, Span<byte> target)
    {
        seed.CopyTo(target);
        int length = seed.Length;
        for (int changes = random.Next(1, 5); changes > 0 && length > 0; changes--)
        {
            int at = random.Next(length);
            switch (random.Next(6))
            {
                case 0:
                    target[at] = (byte)random.Next(256);
                    break;
                case 1:
                    target[at] = s_interesting[random.Next(s_interesting.Length)];
                    break;
                case 2:
                    target[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 3:
                    length = at;
                    break;
                case 4:
                    target[(at + 1)..length].CopyTo(target[at..]);
                    length--;
                    break;
                case 5 when length < target.Length:
                    target[at..length].CopyTo(target[(at + 1)..]);
                    target[at] = s_interesting[random.Next(s_interesting.Length)];
                    length++;
                    break;
            }
        }
        return length;
    }
}
