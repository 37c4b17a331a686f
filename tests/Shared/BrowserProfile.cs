namespace Ball.Tests;

/// <summary>The folder of a browser that a test has started.</summary>
internal static class BrowserProfile
{
    /// <summary>The last of the killed may still write into it. What cannot be deleted stays among the temporary files.</summary>
    public static async Task DeleteAsync(string folder)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await Task.Delay(100);
            }
        }
    }
}
