namespace Images.Tests;

/// <summary>The repository that the images are built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "BallAspire.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("These tests run from their checkout: ./ball test Images");
    }
}
