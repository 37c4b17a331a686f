using System.Text;
using Graph;

var output = args is ["--output", var file] ? file : Path.Combine(Checkout.Root, "docs", "measurements.md");
var tables = new StringBuilder();
await WholeRun.MeasureAsync(tables);
tables.AppendLine();
await KillsAndEnds.MeasureAsync(tables);
Console.Write(tables);
if (output != "none")
    MarkdownFile.Replace(output, "graph", tables.ToString());
