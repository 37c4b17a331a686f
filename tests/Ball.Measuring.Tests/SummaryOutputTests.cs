namespace Ball.Measuring.Tests;

public class SummaryOutputTests
{
    [Fact]
    public void A_file_that_cannot_be_written_any_more_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("ball-summary-");
        string file = Path.Combine(folder.FullName, "run.json");
        SummaryOutput.Check(file);
        Assert.False(File.Exists(file));
        folder.Delete();
        Assert.Contains(file, Assert.Throws<IOException>(() => SummaryOutput.Write("Test", new RunSummary(), file)).Message);
    }
}
