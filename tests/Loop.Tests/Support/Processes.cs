namespace Loop.Tests.Support;

/// <summary>What the kernel tells of processes, which may end while one looks.</summary>
internal static class Processes
{
    /// <summary>Those alive that a process has started.</summary>
    public static int[] ChildrenOf(int parent) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsDigit(name![0]))
            .Select(name => int.Parse(name!)).Where(id => ParentOf(id) == parent)];

    public static bool IsAlive(int id) => ParentOf(id) is not null;

    /// <summary>Null where the process is gone, or only waits to be buried.</summary>
    private static int? ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : int.Parse(fields[1]);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
