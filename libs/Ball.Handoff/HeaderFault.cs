namespace Ball.Handoff;

/// <summary>What is wrong with a frame's header.</summary>
public enum HeaderFault
{
    None,

    /// <summary>It ends too early.</summary>
    Short,

    /// <summary>This is no frame pipe.</summary>
    Magic,

    /// <summary>The other side speaks another version.</summary>
    Version,

    /// <summary>Bytes were lost or changed on the way.</summary>
    Checksum,

    /// <summary>There is no such picture.</summary>
    Layout,

    /// <summary>The picture is too large, or its length is not that of its layout.</summary>
    Length,
}
