using System.Diagnostics;
using Lanyard.Generator.Benchmarks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

// Not BenchmarkDotNet: what is timed is one run of a driver on a compilation that must be new each time, and peers take turns, so
// that a machine that slows down slows all of them.
const int Warmups = 3;
if (args is ["list", var root, var file, var form])
{
    ListCost.Measure(root, file, form);
    return;
}
if (args is ["edits", var families, var lists, .. var one])
{
    await EditCost.Print(families, lists, one.FirstOrDefault());
    return;
}
if (args is ["lists", var folder, .. var more])
{
    ListCost.Print(folder, more);
    return;
}
// With --quick the attribute look-up and Lanyard alone, in few rounds.
var quick = args.Contains("--quick");
var rounds = args is [var number, ..] && !quick ? int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) : quick ? 3 : 9;
var peers = (quick ? Peer.All().Take(2) : Peer.All()).ToList();
var cold = peers.ToDictionary(peer => peer, _ => new List<double>());
var edit = peers.ToDictionary(peer => peer, _ => new List<double>());
var body = peers.ToDictionary(peer => peer, _ => new List<double>());
var written = new Dictionary<Peer, (int Files, long Characters, bool Cached)>();
for (var round = -Warmups; round < rounds; round++)
{
    foreach (var peer in peers)
    {
        var compilation = peer.Compile();
        var driver = CSharpGeneratorDriver.Create([peer.Generator], parseOptions: Peer.ParseOptions, driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: false));
        var (first, coldTime) = Run(driver, compilation);

        // An edit elsewhere, and one of a body in an annotated class.
        var elsewhere = compilation.SyntaxTrees[^1];
        var edited = compilation.ReplaceSyntaxTree(elsewhere, Peer.Parse($"class Elsewhere {{ int Number => {round}; }}", elsewhere.FilePath));
        var (second, editTime) = Run(first, edited);
        var tree = edited.SyntaxTrees[Peer.Classes / 2];
        var (third, bodyTime) = Run(second, edited.ReplaceSyntaxTree(tree, Peer.Parse(tree + $"\n// {round}", tree.FilePath)));
        if (round < 0)
        {
            var result = first.GetRunResult();
            if (result.Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)) throw new InvalidOperationException($"{peer.Name}: {result.Diagnostics[0]}");
            var sources = result.Results.SelectMany(run => run.GeneratedSources).ToList();
            var after = third.GetRunResult().Results.SelectMany(run => run.GeneratedSources).ToDictionary(source => source.HintName, source => source.SourceText);
            written[peer] = (sources.Count, sources.Sum(source => (long)source.SourceText.Length), sources.All(source => ReferenceEquals(source.SourceText, after[source.HintName])));
            continue;
        }
        cold[peer].Add(coldTime);
        edit[peer].Add(editTime);
        body[peer].Add(bodyTime);
    }
}

Console.WriteLine($"{Peer.Classes} annotated classes of 4 members; medians of {rounds} rounds after {Warmups}; ratios to the floor of the same round");
Console.WriteLine($"{"generator",-42} {"cold",8} {"ratio",6} {"edit",8} {"ratio",6} {"body",8} {"ratio",6} {"files",6} {"characters",12}  outputs kept");
foreach (var peer in peers)
{
    Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{peer.Name,-42} {Median.Of(cold[peer]),5:F0} ms {Ratio(cold, peer),6:F2} {Median.Of(edit[peer]),5:F0} ms {Ratio(edit, peer),6:F2} {Median.Of(body[peer]),5:F0} ms {Ratio(body, peer),6:F2} {written[peer].Files,6} {written[peer].Characters,12:N0}  {(written[peer].Cached ? "yes" : "no")}"));
}
foreach (var (what, aim, times) in new[] { ("cold", 2, cold), ("after an edit elsewhere", 1.5, edit) })
{
    Row.Most($"generator, 1,000 classes, {what}", aim, "times the look-up of attributes").Measured(Ratio(times, peers[1]));
}

double Ratio(Dictionary<Peer, List<double>> times, Peer peer) => Median.Of(times[peer].Zip(times[peers[0]], (own, floor) => own / floor));

static (GeneratorDriver Driver, double Milliseconds) Run(GeneratorDriver driver, Compilation compilation)
{
    GC.Collect();
    GC.WaitForPendingFinalizers();
    var start = Stopwatch.GetTimestamp();
    driver = driver.RunGenerators(compilation);
    return (driver, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
}
