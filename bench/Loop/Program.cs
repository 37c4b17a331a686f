using System.CommandLine;
using Loop;

var seconds = new Option<int>("--seconds") { Description = "How long each run is.", DefaultValueFactory = _ => 15 };
var rounds = new Option<int>("--rounds") { Description = "How often each pair runs, in turn.", DefaultValueFactory = _ => 3 };
var first = new Option<bool>("--first") { Description = "Only the first scenario." };
var only = new Option<string?>("--only") { Description = "Only this part: loop or fanout." };
var output = new Option<string>("--output")
{
    Description = "The Markdown file that gets the tables, between their marks; 'none' for none.",
    DefaultValueFactory = _ => Path.Combine(Checkout.Root, "docs", "measurements.md"),
};
var root = new RootCommand("The whole loop, ours and aiortc's, in turn on the same machine.")
{
    seconds, rounds, first, only, output,
};
root.SetAction(async (parsed, _) =>
{
    var (length, part) = (parsed.GetValue(seconds), parsed.GetValue(only));
    if (part is null or "loop")
    {
        var scenarios = parsed.GetValue(first) ? Scenario.All[..1] : Scenario.All;
        Publish("loop", await Benchmark.RunAsync(scenarios, parsed.GetValue(rounds), length));
    }
    if (part is null or "fanout")
        Publish("fanout", await FanOut.RunAsync(length / 2));
    return 0;

    void Publish(string name, string table)
    {
        Console.WriteLine();
        Console.WriteLine(table);
        if (parsed.GetValue(output) is { } file and not "none")
            MarkdownFile.Replace(file, name, table);
    }
});
return await root.Parse(args).InvokeAsync();
