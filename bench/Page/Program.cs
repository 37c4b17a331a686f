using System.CommandLine;
using Page;

var seconds = new Option<int>("--seconds") { Description = "How long each visit is looked at.", DefaultValueFactory = _ => 20 };
var output = new Option<string>("--output")
{
    Description = "The Markdown file that gets the table, between its marks; 'none' for none.",
    DefaultValueFactory = _ => Path.Combine(Checkout.Root, "docs", "measurements.md"),
};
var root = new RootCommand("The page in headless Chromium, by frame rate, latency, error and cost.") { seconds, output };
root.SetAction(async (parsed, _) =>
{
    var table = PageResult.Head;
    foreach (var (size, fps) in new[] { ("640x480", 30), ("1280x720", 60) })
        table += (await Visitor.VisitAsync(size, fps, parsed.GetValue(seconds))).Row;
    Console.WriteLine(table);
    if (parsed.GetValue(output) is { } file and not "none")
        MarkdownFile.Replace(file, "page", table);
    return 0;
});
return await root.Parse(args).InvokeAsync();
