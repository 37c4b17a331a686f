using System.CommandLine;
using Soak;

var page = Path.Combine(Checkout.Root, "docs", "measurements.md");
var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 6 };
var fps = new Option<double>("--fps") { Description = "Frames a second.", DefaultValueFactory = _ => 60 };
var output = new Option<string>("--output")
{
    Description = "The Markdown file that gets the table, between its marks; 'none' for none.", DefaultValueFactory = _ => page,
};
var root = new RootCommand(
    "The whole graph for a long time: whether its memory stays flat, every sample belongs to a frame, and nothing is thrown.")
{
    minutes, fps, output,
};
root.SetAction(async (parsed, cancel) =>
{
    var soaking = new Soaking(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(fps));
    await soaking.RunAsync(Console.Error, Publish, cancel);
    foreach (var fault in soaking.Faults)
        Console.Error.WriteLine($"Soak: {fault}");
    return soaking.Faults.Count == 0 ? 0 : 1;

    void Publish(string table)
    {
        Console.WriteLine(table);
        if (parsed.GetValue(output) is { } file and not "none")
            MarkdownFile.Replace(file, "soak", table);
    }
});
return await root.Parse(args).InvokeAsync();
