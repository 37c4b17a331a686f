namespace Ball.Handoff;

/// <summary>What the file system knows about a file.</summary>
internal readonly record struct FileFacts(ulong Inode, ulong Device, long Length, FileKind Kind, uint Owner)
{
    public bool IsSameFileAs(FileFacts other) => Inode == other.Inode && Device == other.Device;
}

/// <summary>As in the upper four bits of a Unix mode.</summary>
internal enum FileKind
{
    Fifo = 1,
    CharacterDevice = 2,
    Folder = 4,
    BlockDevice = 6,
    Regular = 8,
    SymbolicLink = 10,
    Socket = 12,
}
