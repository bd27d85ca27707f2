using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Lists;
using Lanyard.Layouts;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>
/// What a list has of a parameter, read by formats that take the same elements out of tensors of the same names and differ in how each is stored: of every tensor
/// the one that fits is found.
/// </summary>
internal sealed class FormatReading
{
    private readonly ImmutableArray<MatchedSource>.Builder _sources = ImmutableArray.CreateBuilder<MatchedSource>();
    private readonly List<ConformanceProblem> _problems = [];
    private readonly List<(int, ImmutableArray<NumberSet>)> _claims = [];
    private readonly List<(DescribedSource Source, NameTemplate Name)> _lacks = [];

    private FormatReading()
    {
    }

    /// <summary>What there is of each source.</summary>
    public ImmutableArray<MatchedSource> Sources => _sources.ToImmutable();

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<ConformanceProblem> Problems => _problems;

    /// <summary>What it takes of the list.</summary>
    public IReadOnlyList<(int Row, ImmutableArray<NumberSet> Numbers)> Claims => _claims;

    /// <summary>The tensors that lack.</summary>
    public IReadOnlyList<(DescribedSource Source, NameTemplate Name)> Lacks => _lacks;

    /// <summary>How many sources have a tensor.</summary>
    public int Present { get; private set; }

    /// <summary>Whether nothing lacks, and nothing is wrong.</summary>
    public bool IsComplete => _lacks.Count == 0 && _problems.Count == 0;

    /// <summary>Reads a parameter.</summary>
    /// <param name="list">The list.</param>
    /// <param name="module">The class.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="formats">The sources of each format, in one order.</param>
    /// <param name="names">What stands before the names of the module.</param>
    public static FormatReading Read(CheckedList list, DescribedModule module, DescribedParameter parameter, IReadOnlyList<ImmutableArray<DescribedSource>> formats, ModuleNames names)
    {
        var reading = new FormatReading();
        for (var i = 0; i < formats[0].Length; i++)
        {
            List<DescribedSource> ways = [.. formats.Select(format => format[i])];
            if (NamePattern.TryParse(ways[0].Name, out var name, out _)) reading.Read(list, module, parameter, ways, names.Of(ways[0].Format), name);
        }
        return reading;
    }

    private void Read(CheckedList list, DescribedModule module, DescribedParameter parameter, List<DescribedSource> ways, ModulePrefix prefix, NamePattern name)
    {
        var tensors = ImmutableArray.CreateBuilder<MatchedTensor>();
        var queries = SourceQuery.Of(prefix.Text, name, module).ToList();
        var numbers = new NumberSet[queries[0].Holes.Length];
        for (var hole = 0; hole < numbers.Length; hole++) numbers[hole] = NumberSet.Empty;
        var found = queries.ConvertAll(query => Counted(query, list.Find(query.Query)));
        foreach (var tensor in found.SelectMany(static tensors => tensors))
        {
            for (var hole = 0; hole < numbers.Length; hole++) numbers[hole] = numbers[hole].Union(tensor.Holes[hole]);
        }
        for (var q = 0; q < queries.Count; q++)
        {
            var query = queries[q];
            foreach (var tensor in found[q])
            {
                var rows = ways.Select(source => EncodedRow.Read(list.List, module, parameter, source, prefix, query, tensor))
                    .OrderBy(static row => row.Problems.Count)
                    // Codes without their scale are half of a format rather than numbers of a wrong type.
                    .ThenBy(static row => row.Problems.Count(static problem => problem.Kind == ProblemKind.Type))
                    .ThenByDescending(static row => row.Beside)
                    .ToList();
                tensors.Add(new MatchedTensor(rows[0].Source, tensor, rows[0].Problems.Count == 0 ? rows[0].Sizes : default));
                _problems.AddRange(rows[0].Problems);
                _claims.AddRange(rows[0].Claims);
            }
            foreach (var lack in Lacking(query, found[q], numbers)) _lacks.Add((ways[0], lack));
        }
        if (tensors.Count > 0) Present++;
        _sources.Add(new MatchedSource(tensors.Count > 0 ? tensors[0].Source : ways[0], tensors.ToImmutable(), [.. queries[0].Holes.Select((hole, i) => (hole.Composition, Unshifted(numbers[i], hole.Shift ?? 0)))]));
    }

    /// <summary>What of the tensors has numbers that indices have: those of a shifted hole begin with the shift.</summary>
    private static ImmutableArray<FoundTensor> Counted(SourceQuery query, ImmutableArray<FoundTensor> found)
    {
        if (!query.Holes.Any(static hole => hole.Shift > 0)) return found;
        ImmutableArray<NumberSet> numbers = [.. query.Holes.Select(static hole => NumberSet.Range((int)Math.Max(hole.Shift ?? 0, 0), int.MaxValue))];
        return [.. found.Select(tensor => tensor.Within(numbers)).OfType<FoundTensor>()];
    }

    /// <summary>The names that a query needs and nobody has: of a hole all numbers up to the greatest that is there.</summary>
    private static IEnumerable<NameTemplate> Lacking(SourceQuery query, ImmutableArray<FoundTensor> found, NumberSet[] numbers)
    {
        // Nothing at all: one name says it.
        if (numbers.Any(static set => set.IsEmpty) || found.IsEmpty)
            return [new NameTemplate(query.Query.Texts, [.. query.Holes.Select(hole => NumberSet.Of((int)Math.Max(hole.Shift ?? 0, 0)))])];
        var left = new NumberBoxes([.. numbers.Select((set, hole) => set.Union(NumberSet.Range((int)Math.Max(query.Holes[hole].Shift ?? 0, 0), set.Last)))]);
        foreach (var tensor in found) left.Claim(tensor.Holes);
        return left.Left.Select(box => new NameTemplate(query.Query.Texts, box));
    }

    private static NumberSet Unshifted(NumberSet numbers, long shift) => shift == 0 ? numbers : NumberSet.From(numbers.Numbers.Select(number => (int)(number - shift)).Where(static number => number >= 0));
}
