using System.CommandLine;
using Loop;

var seconds = new Option<int>("--seconds") { Description = "How long each run is.", DefaultValueFactory = _ => 20 };
var rounds = new Option<int>("--rounds") { Description = "How often each pair runs, in turn.", DefaultValueFactory = _ => 3 };
var first = new Option<bool>("--first") { Description = "Only the first scenario." };
var output = new Option<string?>("--output") { Description = "Put the table between its marks in this Markdown file." };
var root = new RootCommand("The whole loop, ours and aiortc's, in turn on the same machine.") { seconds, rounds, first, output };
root.SetAction(async (parsed, _) =>
{
    var scenarios = parsed.GetValue(first) ? Scenario.All[..1] : Scenario.All;
    var table = await Benchmark.RunAsync(scenarios, parsed.GetValue(rounds), parsed.GetValue(seconds));
    Console.WriteLine();
    Console.WriteLine(table);
    if (parsed.GetValue(output) is { } file)
        MarkdownFile.Replace(file, "loop", table);
    return 0;
});
return await root.Parse(args).InvokeAsync();
