using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>The answers that brute force gave to 600 layouts.</summary>
public sealed class NotationCasesTests
{
    private static readonly Lazy<ImmutableArray<JsonNode>> Cases = new(Read);

    [Fact]
    public void All_cases_are_there()
    {
        Assert.Equal(600, Cases.Value.Length);
        Assert.Equal(186, Cases.Value.Count(c => What(c) != "random"));
        Assert.Equal(87, Cases.Value.Count(c => c["error"] is not null));
    }

    [Theory]
    [InlineData("realistic", false)]
    [InlineData("realistic", true)]
    [InlineData("random", false)]
    [InlineData("random", true)]
    public void Answers_agree(string group, bool errors)
    {
        var cases = Cases.Value.Where(c => What(c) == "random" == (group == "random") && c["error"] is not null == errors).ToArray();
        Assert.NotEmpty(cases);
        var failures = cases.Select(Disagreement).OfType<string>().ToArray();
        Assert.True(failures.Length == 0, string.Join(Environment.NewLine, failures.Take(20)));
    }

    [Theory]
    [InlineData("realistic")]
    [InlineData("random")]
    public void Checking_without_sizes_finds_the_same_errors(string group)
    {
        var cases = Cases.Value.Where(c => What(c) == "random" == (group == "random")).ToArray();
        Assert.NotEmpty(cases);
        foreach (var c in cases)
        {
            var (parameter, sources, axes) = Question(c);
            var errors = Layout.Check(parameter, sources, axes.Select(axis => axis.Name));
            // Only a resolution sees a cut block, or that a rank holds nothing of what two sources give.
            var expected = (string?)c["error"] is { } error and not "cut-block" ? error : null;
            if (expected is null && axes.Any(axis => axis.Held.Count(axis.Size) == 0))
                Assert.All(errors, e => Assert.Equal(LayoutErrorKind.Overlap, e.Kind));
            else
                Assert.True(expected == (errors.IsEmpty ? null : Kind(errors[0])), $"{c["what"]}: expected {expected}, found {string.Join(" ", errors)} in {c["parameter"]}");
        }
    }

    private static string? Disagreement(JsonNode c)
    {
        var (parameter, sources, axes) = Question(c);
        var expected = Answer(c);
        string found;
        if (Layout.TryResolve(parameter, sources, axes, out var plan, out var error))
        {
            var elements = plan.Elements();
            var tensors = plan.Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).ToArray();
            var index = tensors.Select((tensor, i) => (tensor.Name, i)).ToDictionary(pair => pair.Name, pair => pair.i);
            found = $"[{string.Join(",", plan.Shape)}] "
                + string.Join(" ", tensors.Select(tensor => $"{tensor.Name}[{string.Join(",", tensor.Shape)}]")) + " "
                + string.Join(" ", elements.Select(e => e is { } at ? $"{index[at.Tensor]}:{at.Position}" : "-"));
        }
        else
        {
            found = Kind(error) + (error.Kind == LayoutErrorKind.Syntax ? $" at {error.Position}" : "");
        }
        return found == expected
            ? null
            : $"""
                {c["what"]}: {parameter} <- {string.Join("; ", sources.AsEnumerable())}
                  expected {expected}
                  found    {found} {error}
                """;
    }

    private static string Answer(JsonNode c)
    {
        if ((string?)c["error"] is { } error)
            return error + (c["at"] is { } at ? $" at {at}" : "");
        return $"[{string.Join(",", Numbers(c["shape"]!))}] "
            + string.Join(" ", c["tensors"]!.AsArray().Select(t => $"{t![0]}[{string.Join(",", Numbers(t[1]!))}]")) + " "
            + string.Join(" ", c["elements"]!.AsArray().Select(e => e is null ? "-" : $"{e[0]}:{e[1]}"));
    }

    private static (string Parameter, ImmutableArray<LayoutSource> Sources, ImmutableArray<Axis> Axes) Question(JsonNode c)
    {
        var labels = c["labels"]!.AsObject();
        var held = c["held"]!.AsObject();
        return (
            (string)c["parameter"]!,
            [.. c["sources"]!.AsArray().Select(s => new LayoutSource((string)s!["name"]!, (string)s["pattern"]!, (string?)s["part"]))],
            [
                .. c["sizes"]!.AsObject().Select(size => new Axis(
                    size.Key,
                    (long)size.Value!,
                    labels[size.Key]?.AsArray().Select(label => (string)label!).ToImmutableArray() ?? [],
                    held[size.Key] is { } indices ? AxisShare.List([.. Numbers(indices)]) : AxisShare.All)),
            ]);
    }

    private static string Kind(LayoutError error) => error.Kind switch
    {
        LayoutErrorKind.Syntax => "syntax",
        LayoutErrorKind.AxisTwice => "axis-twice",
        LayoutErrorKind.UnknownAxis => "unknown-axis",
        LayoutErrorKind.CutBlock => "cut-block",
        LayoutErrorKind.NoElement => "no-element",
        LayoutErrorKind.Overlap => "overlap",
        LayoutErrorKind.Gap => "gap",
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };

    private static string What(JsonNode c) => (string)c["what"]!;

    private static IEnumerable<long> Numbers(JsonNode numbers) => numbers.AsArray().Select(number => (long)number!);

    private static ImmutableArray<JsonNode> Read()
    {
        using var file = File.OpenRead(Fixtures.Path("notation", "cases.jsonl.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var cases = ImmutableArray.CreateBuilder<JsonNode>();
        while (lines.ReadLine() is { } line)
            cases.Add(JsonNode.Parse(line)!);
        return cases.ToImmutable();
    }
}
