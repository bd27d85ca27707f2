using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>
/// An example of docs/notation.md: a heading, and a block of lines. The first word of a line says what it is, or the line says
/// where an element of a tensor lies in the parameter: <c>up_proj.weight[1, 0] -> [3, 0]</c>. An element that this parameter or
/// this rank does not hold lies <c>elsewhere</c>; a position that is added is filled by <c>zero</c>.
/// </summary>
internal sealed record WorkedExample(string Title, string Parameter, ImmutableArray<LayoutSource> Sources, ImmutableArray<LayoutConstant> Constants, ImmutableArray<Axis> Axes, string Shape, ImmutableArray<string> Elements)
{
    private const string Arrow = " -> ";

    /// <summary>The row of the table of examples.</summary>
    public string Row => DocPage.Row(Title, DocPage.Code(Parameter), DocPage.Stack(Sources.Select(DocPage.Source).Concat(Constants.Select(DocPage.Constant))));

    public static ImmutableArray<WorkedExample> Read(string[] page)
    {
        var examples = ImmutableArray.CreateBuilder<WorkedExample>();
        var title = "";
        for (var i = 0; i < page.Length; i++)
        {
            if (page[i].StartsWith("### ", StringComparison.Ordinal))
                title = page[i][4..];
            else if (page[i] == "```layout")
                examples.Add(Read(title, [.. page.Skip(i + 1).TakeWhile(line => line != "```")]));
        }
        return examples.ToImmutable();
    }

    public LayoutPlan Resolve() => Layout.Resolve(Parameter, Sources, Constants, Axes);

    /// <summary>Lines that are wrong, each with the right answer; empty for an example that is right.</summary>
    public IEnumerable<string> Mistakes()
    {
        var plan = Resolve();
        if (Text(plan.Shape) != Shape)
            yield return $"shape is {Text(plan.Shape)}, not {Shape}";
        var elements = plan.Elements();
        foreach (var line in Elements)
        {
            var (from, to) = (line.Split(Arrow)[0], line.Split(Arrow)[1]);
            var answer = to == "elsewhere" ? Where(plan, elements, from) : What(plan, elements, to);
            if (answer != (to == "elsewhere" ? to : from))
                yield return $"{line}: found {answer}";
        }
    }

    /// <summary>The tensors of which a line shows an element that is held.</summary>
    public IEnumerable<string> Shown() =>
        Elements.Where(line => !line.EndsWith("elsewhere", StringComparison.Ordinal)).Select(line => line.Split(Arrow)[0].Split('[')[0]);

    private static WorkedExample Read(string title, string[] lines)
    {
        var sources = lines.Where(line => line.StartsWith("source ", StringComparison.Ordinal)).Select(line => Source(line[7..].Trim()));
        var constants = lines.Where(line => line.StartsWith("constant ", StringComparison.Ordinal) && !line.Contains(Arrow, StringComparison.Ordinal)).Select(line => line[9..].Trim().Split(" = ")).Select(halves => new LayoutConstant(halves[0], double.Parse(halves[1], CultureInfo.InvariantCulture)));
        var elements = lines.Where(line => line.Contains(Arrow, StringComparison.Ordinal));
        var example = new WorkedExample(
            title, Value("parameter"), [.. sources], [.. constants], AxisText.Parse(Value("axes")), Value("shape"), [.. elements]);
        Assert.Equal(lines.Length, 3 + example.Sources.Length + example.Constants.Length + example.Elements.Length);
        return example;

        string Value(string key)
        {
            var found = lines.Where(line => line.StartsWith(key + " ", StringComparison.Ordinal)).ToArray();
            Assert.True(found.Length == 1, $"Expected one line \"{key}\" in \"{title}\".");
            return found[0][key.Length..].Trim();
        }
    }

    private static LayoutSource Source(string text)
    {
        var halves = text.Split(" : ", 2);
        var words = Regex.Split(halves[1], ", (?=part |repeat )");
        return new LayoutSource(halves[0], words[0], Word("part ")) { Repeat = Word("repeat ") };

        string? Word(string key) => words.Skip(1).FirstOrDefault(word => word.StartsWith(key, StringComparison.Ordinal))?[key.Length..];
    }

    private static string Where(LayoutPlan plan, (string Tensor, long Position)?[] elements, string from)
    {
        var name = from[..from.IndexOf('[')];
        var shape = plan.Tensors.First(tensor => tensor.Name == name).Shape;
        var index = Array.IndexOf(elements, (name, Position(from[name.Length..], shape)));
        return index < 0 ? "elsewhere" : Coordinates(index, plan.Shape);
    }

    private static string What(LayoutPlan plan, (string Tensor, long Position)?[] elements, string to) =>
        elements[Position(to, plan.Shape)] is { } element
            ? element.Tensor + Coordinates(element.Position, plan.Tensors.First(tensor => tensor.Name == element.Tensor).Shape)
            : plan.Constants.FirstOrDefault(constant => constant.Region.Positions().Any(place => place.Parameter == Position(to, plan.Shape))) is { } filled
                ? $"constant {filled.Value.ToString(CultureInfo.InvariantCulture)}"
                : "zero";

    private static long Position(string coordinates, ImmutableArray<long> shape)
    {
        var indices = coordinates.Trim('[', ']').Split(", ").Select(long.Parse).ToArray();
        Assert.Equal(shape.Length, indices.Length);
        for (var i = 0; i < indices.Length; i++)
            Assert.InRange(indices[i], 0, shape[i] - 1);
        return indices.Zip(shape).Aggregate(0L, (position, next) => (position * next.Second) + next.First);
    }

    private static string Coordinates(long position, ImmutableArray<long> shape)
    {
        var indices = new long[shape.Length];
        for (var i = shape.Length - 1; i >= 0; i--)
            (position, indices[i]) = Math.DivRem(position, shape[i]);
        return Text(indices);
    }

    private static string Text(IEnumerable<long> numbers) => $"[{string.Join(", ", numbers)}]";
}
