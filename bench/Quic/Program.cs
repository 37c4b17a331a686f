using System.CommandLine;
using QuicBench;

var rounds = new Option<int>("--rounds") { Description = "How often each is measured, in turn.", DefaultValueFactory = _ => 3 };
var megabytes = new Option<int>("--megabytes") { Description = "How much goes through a stream.", DefaultValueFactory = _ => 64 };
var output = new Option<string>("--output")
{
    Description = "The Markdown file that gets the table, between its marks; 'none' for none.",
    DefaultValueFactory = _ => Path.Combine(Checkout.Root, "docs", "measurements.md"),
};
var root = new RootCommand("QUIC, ours and MsQuic where it is there, with client and server in processes of their own.")
{
    rounds, megabytes, output
};
root.SetAction(async (parsed, _) =>
{
    Publish(parsed, "quic", await Benchmark.RunAsync(parsed.GetValue(rounds), parsed.GetValue(megabytes)));
    return 0;
});

var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 30 };
var soak = new Command("soak", "An idle page and two busy ones in Chromium, for long.") { minutes, output };
soak.SetAction(async (parsed, _) =>
{
    var result = await Soak.RunAsync(TimeSpan.FromMinutes(parsed.GetValue(minutes)));
    Publish(parsed, "quic soak", result.Table);
    return result.IsGood ? 0 : 1;
});
root.Add(soak);

var whose = new Argument<string>("whose");
var server = new Command("server") { whose };
server.Hidden = true;
server.SetAction((parsed, _) => Server.RunAsync(Contender.All.First(one => one.Name == parsed.GetValue(whose))));
root.Add(server);
return await root.Parse(args).InvokeAsync();

void Publish(ParseResult parsed, string name, string table)
{
    Console.WriteLine();
    Console.WriteLine(table);
    if (parsed.GetValue(output) is { } file and not "none")
        MarkdownFile.Replace(file, name, table);
}
