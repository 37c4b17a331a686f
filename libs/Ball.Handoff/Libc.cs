using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Ball.Handoff;

/// <summary>The four calls of Linux that .NET does not offer: who am I, what is this file, wait on and wake a word in shared
/// memory.</summary>
internal static unsafe partial class Libc
{
    private const int AtCurrentFolder = -100;
    private const int AtDoNotFollow = 0x100;
    private const int AtThisHandle = 0x1000;
    private const uint BasicFacts = 0x7ff;
    private const int FutexWait = 0;
    private const int FutexWake = 1;

    public static bool IsHere { get; } = OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    private static nint FutexCall { get; } = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 202 : 98;

    public static uint UserId => IsHere ? EffectiveUser() : 0;

    /// <summary>A path as the kernel wants it, made once so that asking about a file allocates nothing.</summary>
    public static byte[] Encode(string path) => [.. Encoding.UTF8.GetBytes(path), 0];

    /// <summary>What lies at a path (symbolic links are not followed), or false when nothing does.</summary>
    public static bool TryStat(byte[] path, out FileFacts facts)
    {
        StatX raw;
        fixed (byte* name = path)
        {
            var found = Stat(AtCurrentFolder, name, AtDoNotFollow, BasicFacts, &raw) == 0;
            facts = found ? FactsOf(raw) : default;
            return found;
        }
    }

    public static FileFacts Stat(SafeHandle open)
    {
        StatX raw;
        byte empty = 0;
        var held = false;
        try
        {
            open.DangerousAddRef(ref held);
            if (Stat((int)open.DangerousGetHandle(), &empty, AtThisHandle, BasicFacts, &raw) != 0)
                throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
            return FactsOf(raw);
        }
        finally
        {
            if (held)
                open.DangerousRelease();
        }
    }

    /// <summary>Sleeps until the word is woken, unless it no longer holds <paramref name="expected"/>. May return early, never
    /// late.</summary>
    public static void WaitOnWord(uint* word, uint expected, TimeSpan atMost)
    {
        TimeSpec time = new()
        {
            Seconds = (long)atMost.TotalSeconds,
            Nanoseconds = atMost.Ticks % TimeSpan.TicksPerSecond * 100
        };
        Futex(FutexCall, word, FutexWait, (nint)expected, &time, 0, 0);
    }

    public static void WakeAll(uint* word) => Futex(FutexCall, word, FutexWake, int.MaxValue, null, 0, 0);

    private static FileFacts FactsOf(in StatX raw) => new(
        raw.Inode, ((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor, (long)raw.Size, (FileKind)(raw.Mode >> 12), raw.User);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Stat(int folder, byte* path, int flags, uint mask, StatX* result);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Futex(nint number, uint* word, nint operation, nint value, TimeSpec* timeout, nint other,
        nint mask);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(20)] public uint User;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
