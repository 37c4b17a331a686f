namespace Bench;

/// <summary>Where the programs lie that this benchmark starts.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static string Program(string name)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Path.Combine(Root, "artifacts", "bin", name, configuration, name);
    }

    public static string AiortcPeer(string name) => Path.Combine(Root, "tests", "Interop", "aiortc", name);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "BallAspire.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("This benchmark runs from its checkout: ./ball bench");
    }
}
