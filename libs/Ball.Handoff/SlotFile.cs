using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Ball.Handoff;

/// <summary>
/// The slot's file in memory: a head, a sequence lock and one record. The sequence is odd while the record is being written.
/// </summary>
/// <remarks>
/// A mapped file that somebody truncates kills the process that touches it (SIGBUS). So nobody of ours ever changes the size of
/// one: it is made whole beside its place and renamed into it; and both sides ask whether the file is still the one they
/// mapped, and whole, right before they touch it.
/// </remarks>
internal sealed unsafe class SlotFile : IDisposable
{
    public const int Length = 4096;

    private const uint Magic = 0x544c5342; // "BSLT"
    private const ushort Version = 1;
    private const int WriterAt = 8;
    private const int StartedAt = 16;
    private const int SequenceAt = 64;
    private const int HasCoordinateAt = 128;
    private const int CoordinateAt = 136;

    private readonly byte[] _path;
    private readonly FileFacts _mine;
    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _memory;

    private SlotFile(byte[] path, SafeFileHandle file, bool canWrite)
    {
        _path = path;
        _file = file;
        _mine = Libc.IsHere ? Libc.Stat(file) : default;
        var access = canWrite ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.Read;
        _map = MemoryMappedFile.CreateFromFile(file, null, Length, access, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, Length, access);
        byte* memory = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
        _memory = memory + _view.PointerOffset;
    }

    /// <summary>Whether the file at the path is still this one, and whole: only then may its memory be touched.</summary>
    public bool IsThere => Libc.IsHere
        ? Libc.TryStat(_path, out var now) && now.IsSameFileAs(_mine) && now.Length == Length
        : RandomAccess.GetLength(_file) == Length;

    /// <summary>Twice the number of publications; odd during one, or when a writer died in one.</summary>
    public ulong Sequence => Volatile.Read(ref *(ulong*)(_memory + SequenceAt));

    /// <summary>The process that wrote last.</summary>
    public int Writer => Volatile.Read(ref *(int*)(_memory + WriterAt));

    /// <summary>Opens what is there; null when there is nothing, or nothing that can be used.</summary>
    public static SlotFile? Open(string path, byte[] encoded, bool canWrite)
    {
        if (!File.Exists(path) || (Libc.IsHere && (!Libc.TryStat(encoded, out var facts) || facts.Kind != FileKind.Regular)))
            return null;
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, canWrite ? FileAccess.ReadWrite : FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete);
            if (IsSlot(file))
                return new SlotFile(encoded, file, canWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Gone again, or not ours: the same as nothing.
        }
        file?.Dispose();
        return null;
    }

    /// <summary>Makes a new file and puts it in place at once and whole; whoever has mapped the old one keeps that.</summary>
    public static SlotFile Create(string path, byte[] encoded)
    {
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = HandoffPaths.OwnerOnly;
        using (var stream = new FileStream(draft, options))
        {
            Span<byte> content = stackalloc byte[Length];
            content.Clear();
            BinaryPrimitives.WriteUInt32LittleEndian(content, Magic);
            BinaryPrimitives.WriteUInt16LittleEndian(content[4..], Version);
            BinaryPrimitives.WriteUInt16LittleEndian(content[6..], Coordinate.Size);
            stream.Write(content);
        }
        File.Move(draft, path, overwrite: true);
        return Open(path, encoded, canWrite: true)
            ?? throw new HandoffException($"The slot {path} was replaced while it was made");
    }

    /// <summary>Makes the slot this process's own and empties it, whatever state its last writer left it in.</summary>
    public void TakeOver(long startedAt)
    {
        var sequence = Sequence | 1;
        Volatile.Write(ref *(ulong*)(_memory + SequenceAt), sequence);
        Thread.MemoryBarrier();
        *(int*)(_memory + WriterAt) = Environment.ProcessId;
        *(long*)(_memory + StartedAt) = startedAt;
        *(uint*)(_memory + HasCoordinateAt) = 0;
        *(Coordinate*)(_memory + CoordinateAt) = default;
        Release(sequence + 1);
    }

    public void Write(in Coordinate coordinate)
    {
        var sequence = Sequence + 1;
        Volatile.Write(ref *(ulong*)(_memory + SequenceAt), sequence);
        // Nobody may see a byte of the new record under the old, even sequence.
        Thread.MemoryBarrier();
        *(uint*)(_memory + HasCoordinateAt) = 1;
        *(Coordinate*)(_memory + CoordinateAt) = coordinate;
        Release(sequence + 1);
    }

    /// <summary>Copies the record; false when it is being written, or was written meanwhile.</summary>
    public bool TryCopy(out ulong sequence, out bool hasCoordinate, out Coordinate coordinate)
    {
        sequence = Sequence;
        hasCoordinate = *(uint*)(_memory + HasCoordinateAt) != 0;
        coordinate = *(Coordinate*)(_memory + CoordinateAt);
        // The copy must be complete before the second look at the sequence.
        Thread.MemoryBarrier();
        return (sequence & 1) == 0 && sequence == Sequence;
    }

    /// <summary>Sleeps until the sequence is another than <paramref name="known"/>; may return early.</summary>
    public void WaitForNews(ulong known, TimeSpan atMost) =>
        Libc.WaitOnWord((uint*)(_memory + SequenceAt), (uint)known, atMost);

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
    }

    private void Release(ulong sequence)
    {
        Volatile.Write(ref *(ulong*)(_memory + SequenceAt), sequence);
        if (Libc.IsHere)
            Libc.WakeAll((uint*)(_memory + SequenceAt));
    }

    private static bool IsSlot(SafeFileHandle file)
    {
        if (RandomAccess.GetLength(file) != Length)
            return false;
        if (Libc.IsHere && Libc.Stat(file) is var facts && (facts.Kind != FileKind.Regular || facts.Owner != Libc.UserId))
            return false;
        Span<byte> head = stackalloc byte[8];
        return RandomAccess.Read(file, head, 0) == head.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(head) == Magic
            && BinaryPrimitives.ReadUInt16LittleEndian(head[4..]) == Version
            && BinaryPrimitives.ReadUInt16LittleEndian(head[6..]) == Coordinate.Size;
    }
}
