using System.Runtime.InteropServices;

namespace SIPSorcery.Net;

/// <summary>The calls of Linux that send and receive many datagrams at once.</summary>
internal static unsafe partial class LibC
{
    public const int LevelUdp = 17;
    public const int UdpSegment = 103;
    public const int UdpGro = 104;
    public const int ShutdownBoth = 2;

    private const string Library = "libc";

    /// <summary>False where the C library goes by another name; everything then goes through .NET's sockets.</summary>
    public static bool IsThere { get; } = NativeLibrary.TryLoad(Library, typeof(LibC).Assembly, null, out _);

    [LibraryImport(Library, EntryPoint = "sendmsg")]
    public static partial nint SendMessage(nint socket, MessageHeader* message, int flags);

    [LibraryImport(Library, EntryPoint = "recvmsg")]
    public static partial nint ReceiveMessage(nint socket, MessageHeader* message, int flags);

    [LibraryImport(Library, EntryPoint = "shutdown")]
    public static partial int Shutdown(nint socket, int how);

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public Segment* Segments;
        public nint SegmentCount;
        public byte* Control;
        public nint ControlLength;
        public int Flags;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Segment
    {
        public byte* Start;
        public nint Length;
    }

    /// <summary>struct cmsghdr with the one number that UDP's segmentation needs, padded as the kernel wants it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SegmentControl
    {
        public nint Length;
        public int Level;
        public int Type;
        public int Value;
        public int Padding;
    }
}
