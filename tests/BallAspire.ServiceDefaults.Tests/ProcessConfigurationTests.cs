namespace BallAspire.ServiceDefaults.Tests;

public sealed class ProcessConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ball-configuration-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_stands_in_the_file_counts()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "appsettings.json"), """{ "Ball": { "Fps": 60 } }""");
        Assert.Equal("60", ProcessConfiguration.Read(_folder.FullName)["Ball:Fps"]);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named_in_one_line()
    {
        var path = Path.Combine(_folder.FullName, "appsettings.json");
        File.WriteAllText(path, """{ "Ball": { "Fps": """);
        var problem = Assert.Throws<SetUpException>(() => ProcessConfiguration.Read(_folder.FullName)).Message;
        Assert.StartsWith(path, problem);
        Assert.DoesNotContain('\n', problem);
    }
}
