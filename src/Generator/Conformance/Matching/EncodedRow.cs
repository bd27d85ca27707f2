using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Lists;
using Lanyard.Layouts;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>One reading of tensors of a row: by the source of one format, with what stands beside them.</summary>
internal sealed class EncodedRow
{
    private readonly List<ConformanceProblem> _problems = [];
    private readonly List<(int, ImmutableArray<NumberSet>)> _claims = [];

    private EncodedRow(DescribedSource source, FoundTensor found) => (Source, Found) = (source, found);

    /// <summary>The source.</summary>
    public DescribedSource Source { get; }

    /// <summary>The tensors.</summary>
    public FoundTensor Found { get; }

    /// <summary>The sizes of their values; default where they are not known.</summary>
    public ImmutableArray<(long Least, long Most)> Sizes { get; private set; }

    /// <summary>What is wrong with this reading.</summary>
    public IReadOnlyList<ConformanceProblem> Problems => _problems;

    /// <summary>What the reading takes of the list.</summary>
    public IReadOnlyList<(int Row, ImmutableArray<NumberSet> Numbers)> Claims => _claims;

    /// <summary>How many tensors there are beside them.</summary>
    public int Beside { get; private set; }

    /// <summary>Reads tensors by a source.</summary>
    /// <param name="list">The list.</param>
    /// <param name="module">The class.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="source">The source.</param>
    /// <param name="prefix">What stands before its names.</param>
    /// <param name="query">By what the tensors were found.</param>
    /// <param name="found">The tensors.</param>
    public static EncodedRow Read(TensorList list, DescribedModule module, DescribedParameter parameter, DescribedSource source, ModulePrefix prefix, SourceQuery query, FoundTensor found)
    {
        var row = new EncodedRow(source, found);
        row._claims.Add((found.Row, found.Taken(prefix.Groups)));
        var rank = Pattern.TryParse(source.Pattern, out var pattern, out _) ? pattern.Items.Length : -1;
        var place = ProblemPlace.Of(module.Name, parameter.Property, source.Index, isName: false);
        var (type, shape) = (found.Tensor.Type, found.Tensor.Shape);
        if (type is not null && !row.TakesType(parameter, type))
            row._problems.Add(new(ProblemKind.Type, ProblemPlace.Type(found.Tensor), $"{found.Name} is {type}, and {module.ShortName}.{parameter.Property} takes {ElementKinds.Expected(source, parameter.Type is { } declared ? ElementKinds.OfTorch(declared) : "a floating-point type")}{Encoded(source)}") { Others = [place] });
        if (!shape.IsDefault && rank >= 0)
        {
            if (StoredShapes.Values(source.Encoding, shape, rank) is { } sizes) row.Sizes = sizes;
            else row._problems.Add(new(ProblemKind.Rank, ProblemPlace.Shape(found.Tensor), $"{found.Name} has the shape [{string.Join(", ", shape)}], and \"{source.Pattern}\" of {module.ShortName}.{parameter.Property}{Encoded(source)} is of {Axes(rank)}") { Others = [place] });
        }
        if (source.Encoding is { } encoding) row.ReadBeside(list, module, parameter, encoding, prefix, query);
        return row;
    }

    private static string Encoded(DescribedSource source) => source.Encoding is { } encoding ? $", stored as {encoding.Name}," : "";

    private static string Axes(int rank) => rank switch
    {
        0 => "no dimension, a scalar",
        1 => "one dimension",
        _ => $"{rank} dimensions",
    };

    // Of a parameter without a type of its own only whether it is a number that models compute with: which one is asked of all of the model together.
    private bool TakesType(DescribedParameter parameter, string type)
    {
        if (parameter.Type is { } declared) return ElementKinds.Takes(Source, type, ElementKinds.OfTorch(declared));
        return ElementKinds.Takes(Source, type, "F64");
    }

    private void ReadBeside(TensorList list, DescribedModule module, DescribedParameter parameter, DescribedEncoding encoding, ModulePrefix prefix, SourceQuery query)
    {
        var name = Source.Name;
        if (!name.EndsWith(encoding.Codes, StringComparison.Ordinal)) return;
        var stem = name.Substring(0, name.Length - encoding.Codes.Length);
        foreach (var companion in encoding.Companions)
        {
            var full = companion.Name == "scale" && Source.Scale is { } scale ? scale : stem + companion.Tensor;
            var (lacks, found) = Find(list, module, prefix, query, full);
            Beside += found.Count;
            foreach (var beside in found)
            {
                if (beside.Tensor.Type is { } type && !ElementKinds.TakesCompanion(companion.Layout, type))
                    _problems.Add(new(ProblemKind.Type, ProblemPlace.Type(beside.Tensor), $"{beside.Name}, the {companion.Name} of {Found.Name} as {encoding.Name}, is {type}, not {ElementKinds.ExpectedOfCompanion(companion.Layout)}"));
                if (Sizes.IsDefault || beside.Tensor.Shape.IsDefault) continue;
                if (StoredShapes.Beside(companion, beside.Tensor.Shape, Sizes) is { } sizes) Sizes = sizes;
                else _problems.Add(new(ProblemKind.Size, ProblemPlace.Shape(beside.Tensor), $"{beside.Name} has the shape [{string.Join(", ", beside.Tensor.Shape)}], which is none that the {companion.Name} of {encoding.Name} has beside {Found.Name} of [{string.Join(", ", Found.Tensor.Shape)}]") { Others = [ProblemPlace.Shape(Found.Tensor)] });
            }
            if (lacks.Length > 0 && !(companion.MayBeAbsent && found.Count == 0))
            {
                var isHalf = found.Count > 0 || encoding.Companions.Length > 1 || Source.Format.Length > 0;
                _problems.Add(new(ProblemKind.Format, ProblemPlace.Name(Found.Tensor), $"{Found.Name} is half of what {encoding.Name} stores{(isHalf ? "" : " there")}: {string.Join(" and ", lacks.Select(static lack => $"{lack}"))}, the {companion.Name} beside it, is not in the list") { Others = [ProblemPlace.Of(module.Name, parameter.Property, Source.Index, isName: true)] });
            }
        }
        foreach (var unread in encoding.Unread) Find(list, module, prefix, query, stem + unread);
    }

    /// <summary>What stands beside the tensors under a name, and which of them have none.</summary>
    private (ImmutableArray<NameTemplate> Lacks, List<FoundTensor> Found) Find(TensorList list, DescribedModule module, ModulePrefix prefix, SourceQuery codes, string name)
    {
        if (!NamePattern.TryParse(name, out var pattern, out _)) return ([], []);
        var found = new List<FoundTensor>();
        var way = SourceQuery.Of(prefix.Text, pattern, module).OrderByDescending(way => Common(way.Query.ToString(), codes.Query.ToString())).First();
        if (way.Holes.Any(hole => IndexOf(codes.Holes, hole) < 0)) return ([], []);

        // For each hole of its own the numbers of the same hole of the codes.
        ImmutableArray<NumberSet> wanted = [.. way.Holes.Select(hole => Found.Holes[IndexOf(codes.Holes, hole)])];
        var left = new NumberBoxes(wanted);
        foreach (var tensor in list.Find(way.Query))
        {
            ImmutableArray<NumberSet> common = [.. tensor.Holes.Select((numbers, hole) => numbers.Intersect(wanted[hole]))];
            if (common.Any(static numbers => numbers.IsEmpty)) continue;
            found.Add(tensor);
            left.Claim(common);
            _claims.Add((tensor.Row, tensor.Taken(prefix.Groups, common)));
        }
        return ([.. left.Left.Select(numbers => new NameTemplate(way.Query.Texts, numbers))], found);
    }

    // Of several choices of labels the one by which the codes were found: it has most of their text.
    private static int Common(string ours, string theirs)
    {
        var end = 0;
        while (end < ours.Length && end < theirs.Length && ours[end] == theirs[end]) end++;
        return end;
    }

    private static int IndexOf(ImmutableArray<HoleSegment> holes, HoleSegment hole)
    {
        for (var i = 0; i < holes.Length; i++)
        {
            if (holes[i].ToString() == hole.ToString()) return i;
        }
        return -1;
    }
}
