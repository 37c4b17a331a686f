using System.Security.Cryptography;
using System.Text;

namespace BallServer.Web.Access;

/// <summary>
/// Shows that a visitor has read our state a moment ago, which a page of another origin cannot. For connections that carry an
/// origin but not our host and port.
/// </summary>
internal sealed class Tickets(TimeProvider time)
{
    /// <summary>How long a ticket is good, in periods, and how long these are.</summary>
    private const int Periods = 3;
    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(1);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Issue() => For(Period);

    public bool Accepts(string ticket)
    {
        var given = Encoding.ASCII.GetBytes(ticket);
        var accepted = false;
        for (var back = 0; back < Periods; back++)
            accepted |= CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(For(Period - back)));
        return accepted;
    }

    private long Period => time.GetUtcNow().Ticks / s_period.Ticks;

    private string For(long period) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, BitConverter.GetBytes(period))[..16]);
}
