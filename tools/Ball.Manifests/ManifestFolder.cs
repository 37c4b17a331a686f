namespace Ball.Manifests;

/// <summary>A folder that holds generated manifests and nothing else.</summary>
internal static class ManifestFolder
{
    /// <summary>Makes the folder anew: a file that is no longer generated is gone.</summary>
    public static void Write(string folder, IEnumerable<ManifestFile> files)
    {
        // Whoever names the wrong folder must not lose it.
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            if (!File.Exists(Path.Join(folder, "kustomization.yaml")))
                throw new ManifestException($"{folder} is no folder of manifests: it stays as it is.");
            Directory.Delete(folder, recursive: true);
        }
        foreach (var file in files)
        {
            var path = Path.Join(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Text);
        }
    }
}
