namespace Aspire.Hosting.ApplicationModel;

/// <summary>The looks of a state.</summary>
public static class KnownResourceStateStyles
{
    /// <summary>Green.</summary>
    public static readonly string Success = "success";

    /// <summary>Red.</summary>
    public static readonly string Error = "error";

    /// <summary>Blue.</summary>
    public static readonly string Info = "info";

    /// <summary>Yellow.</summary>
    public static readonly string Warn = "warning";
}
