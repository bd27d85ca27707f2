using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Lanyard.Layouts;

/// <summary>
/// Resolves layouts: given how a parameter lies in memory and how its sources lie in a checkpoint, which elements of
/// which tensor go where. Elements match by identity, the set of axes and tags that place them; sizes play no part.
/// </summary>
public static class Layout
{
    /// <summary>Resolves a parameter for one rank.</summary>
    /// <param name="parameter">The parameter's pattern.</param>
    /// <param name="sources">Its sources.</param>
    /// <param name="axes">The axes of the model, with what this rank holds.</param>
    /// <exception cref="LayoutException">The layout is wrong; the exception says how.</exception>
    /// <exception cref="ArgumentException">Two axes have one name.</exception>
    public static LayoutPlan Resolve(string parameter, IReadOnlyList<LayoutSource> sources, IReadOnlyList<Axis> axes) =>
        TryResolve(parameter, sources, axes, out var plan, out var error) ? plan : throw new LayoutException(error);

    /// <inheritdoc cref="Resolve(string, IReadOnlyList{LayoutSource}, IReadOnlyList{Axis})"/>
    /// <param name="parameter">The parameter's pattern.</param>
    /// <param name="sources">Its sources.</param>
    /// <param name="constants">Its parts that nothing stored fills.</param>
    /// <param name="axes">The axes of the model, with what this rank holds.</param>
    public static LayoutPlan Resolve(string parameter, IReadOnlyList<LayoutSource> sources, IReadOnlyList<LayoutConstant> constants, IReadOnlyList<Axis> axes) =>
        TryResolve(parameter, sources, constants, axes, out var plan, out var error) ? plan : throw new LayoutException(error);

    /// <inheritdoc cref="Resolve(string, IReadOnlyList{LayoutSource}, IReadOnlyList{Axis})"/>
    public static LayoutPlan Resolve(Pattern parameter, IReadOnlyList<ParsedSource> sources, IReadOnlyList<Axis> axes) =>
        TryResolve(parameter, sources, axes, out var plan, out var error) ? plan : throw new LayoutException(error);

    /// <summary>Resolves a parameter for one rank, or says what is wrong first.</summary>
    /// <param name="parameter">The parameter's pattern.</param>
    /// <param name="sources">Its sources.</param>
    /// <param name="axes">The axes of the model, with what this rank holds.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="error">The first error.</param>
    /// <exception cref="ArgumentException">Two axes have one name.</exception>
    public static bool TryResolve(
        string parameter,
        IReadOnlyList<LayoutSource> sources,
        IReadOnlyList<Axis> axes,
        [NotNullWhen(true)] out LayoutPlan? plan,
        [NotNullWhen(false)] out LayoutError? error) => TryResolve(parameter, sources, [], axes, out plan, out error);

    /// <inheritdoc cref="TryResolve(string, IReadOnlyList{LayoutSource}, IReadOnlyList{Axis}, out LayoutPlan?, out LayoutError?)"/>
    public static bool TryResolve(
        Pattern parameter,
        IReadOnlyList<ParsedSource> sources,
        IReadOnlyList<Axis> axes,
        [NotNullWhen(true)] out LayoutPlan? plan,
        [NotNullWhen(false)] out LayoutError? error) => TryResolve(parameter, sources, [], axes, out plan, out error);

    private static bool TryResolve(
        string parameter,
        IReadOnlyList<LayoutSource> sources,
        IReadOnlyList<LayoutConstant> constants,
        IReadOnlyList<Axis> axes,
        [NotNullWhen(true)] out LayoutPlan? plan,
        [NotNullWhen(false)] out LayoutError? error)
    {
        if (TryParse(parameter, sources, out var parsed, out var parsedSources) is { IsEmpty: false } errors)
        {
            (plan, error) = (null, errors[0]);
            return false;
        }
        return TryResolve(parsed!, parsedSources, constants, axes, out plan, out error);
    }

    private static bool TryResolve(
        Pattern parameter,
        IReadOnlyList<ParsedSource> sources,
        IReadOnlyList<LayoutConstant> constants,
        IReadOnlyList<Axis> axes,
        [NotNullWhen(true)] out LayoutPlan? plan,
        [NotNullWhen(false)] out LayoutError? error)
    {
        plan = null;
        var table = new AxisTable(axes);
        // In this order: HoldBlocks looks up axes that Structure has found to be known. The blocks of the parameter are enough, for a
        // source with others gives no element of it.
        error = Structure.Errors(parameter, sources, table.Names).FirstOrDefault() ?? table.HoldBlocks(parameter.Items);
        if (error is not null)
            return false;

        var wanted = Placement.Of(parameter, table.Held);
        var given = sources.Select(source => Placement.Of(source, table.Full)).ToArray();
        var coverage = new Coverage(parameter, sources, constants, wanted, given);
        // What this rank holds nothing of needs no source here. Check knows no ranks, and asks for all of it.
        error = coverage.Errors(placement => CountOf(placement, table) > 0).FirstOrDefault();
        if (error is not null)
            return false;
        plan = Plan(parameter, sources, constants, table, wanted, given, coverage.Matches, out error);
        return plan is not null;
    }

    /// <summary>
    /// Checks everything that needs no sizes: all errors of the texts, or, if there are none, all errors of their coverage.
    /// A layout without errors resolves for any sizes and shares, unless a share cuts a block.
    /// </summary>
    /// <param name="parameter">The parameter's pattern.</param>
    /// <param name="sources">Its sources.</param>
    /// <param name="axes">The names of the axes that have sizes.</param>
    public static ImmutableArray<LayoutError> Check(string parameter, IReadOnlyList<LayoutSource> sources, IEnumerable<string> axes) =>
        Check(parameter, sources, [], axes);

    /// <inheritdoc cref="Check(string, IReadOnlyList{LayoutSource}, IEnumerable{string})"/>
    /// <param name="parameter">The parameter's pattern.</param>
    /// <param name="sources">Its sources.</param>
    /// <param name="constants">Its parts that nothing stored fills.</param>
    /// <param name="axes">The names of the axes that have sizes.</param>
    public static ImmutableArray<LayoutError> Check(string parameter, IReadOnlyList<LayoutSource> sources, IReadOnlyList<LayoutConstant> constants, IEnumerable<string> axes)
    {
        var errors = TryParse(parameter, sources, out var parsed, out var parsedSources);
        return errors.IsEmpty ? Check(parsed!, parsedSources, constants, axes) : errors;
    }

    /// <inheritdoc cref="Check(string, IReadOnlyList{LayoutSource}, IEnumerable{string})"/>
    public static ImmutableArray<LayoutError> Check(Pattern parameter, IReadOnlyList<ParsedSource> sources, IEnumerable<string> axes) =>
        Check(parameter, sources, [], axes);

    private static ImmutableArray<LayoutError> Check(Pattern parameter, IReadOnlyList<ParsedSource> sources, IReadOnlyList<LayoutConstant> constants, IEnumerable<string> axes)
    {
        ImmutableArray<LayoutError> errors = [.. Structure.Errors(parameter, sources, new HashSet<string>(axes, StringComparer.Ordinal))];
        if (!errors.IsEmpty)
            return errors;
        var wanted = Placement.Of([Alternative.Empty], parameter.Alternatives);
        var given = sources.Select(Placement.Of).ToArray();
        return [.. new Coverage(parameter, sources, constants, wanted, given).Errors(static _ => true)];
    }

    /// <summary>The shape of what this rank holds, padding included.</summary>
    /// <param name="pattern">The pattern of a parameter.</param>
    /// <param name="axes">The axes of the model, with what this rank holds.</param>
    /// <exception cref="LayoutException">An axis comes twice or is unknown, or a share cuts a block.</exception>
    /// <exception cref="ArgumentException">Two axes have one name.</exception>
    public static ImmutableArray<long> ShapeOf(Pattern pattern, IReadOnlyList<Axis> axes) =>
        Extents.Shape(pattern.Items, HeldTable(pattern, axes).Held);

    /// <summary>The whole shape, over all ranks, as a checkpoint stores it.</summary>
    /// <param name="pattern">The pattern of a parameter or of a tensor.</param>
    /// <param name="axes">The axes of the model; what this rank holds plays no part.</param>
    /// <exception cref="LayoutException">An axis comes twice or is unknown.</exception>
    /// <exception cref="ArgumentException">Two axes have one name.</exception>
    public static ImmutableArray<long> FullShapeOf(Pattern pattern, IReadOnlyList<Axis> axes) =>
        Extents.Shape(pattern.Items, Table(pattern, axes).Full);

    /// <summary>Whether what this rank holds has elements that are padding.</summary>
    /// <inheritdoc cref="ShapeOf"/>
    public static bool HasPadding(Pattern pattern, IReadOnlyList<Axis> axes)
    {
        var table = HeldTable(pattern, axes);
        return PaddedCount(Extents.Shape(pattern.Items, table.Held), Placement.Of(pattern, table.Held), table) > 0;
    }

    /// <summary>The positions of a tensor that hold no element, since its pattern rounds an extent up.</summary>
    /// <param name="pattern">The pattern of the tensor.</param>
    /// <param name="axes">The axes; what this rank holds of them is what the tensor has.</param>
    internal static ImmutableArray<LayoutSlot> PaddingOf(string pattern, IEnumerable<Axis> axes)
    {
        // Nearly no pattern says so, and a model has many.
        if (!pattern.Contains("pad", StringComparison.Ordinal)) return [];
        var (items, table) = (Pattern.Parse(pattern).Items, new AxisTable([.. axes]));
        return table.HoldBlocks(items) is { } error ? throw new LayoutException(error) : Padding.Of(items, table.Held);
    }

    private static AxisTable HeldTable(Pattern pattern, IReadOnlyList<Axis> axes)
    {
        var table = Table(pattern, axes);
        return table.HoldBlocks(pattern.Items) is { } error ? throw new LayoutException(error) : table;
    }

    private static AxisTable Table(Pattern pattern, IReadOnlyList<Axis> axes)
    {
        var table = new AxisTable(axes);
        return Structure.Errors(pattern, [], table.Names).FirstOrDefault() is { } error ? throw new LayoutException(error) : table;
    }

    private static LayoutPlan? Plan(
        Pattern parameter,
        IReadOnlyList<ParsedSource> sources,
        IReadOnlyList<LayoutConstant> constants,
        AxisTable table,
        ImmutableArray<Placement> wanted,
        ImmutableArray<Placement>[] given,
        ImmutableArray<Coverage.Match> matches,
        out LayoutError? error)
    {
        var tensors = ImmutableArray.CreateBuilder<LayoutTensor>();
        var firsts = new int[sources.Count];
        for (var i = 0; i < sources.Count; i++)
        {
            firsts[i] = tensors.Count;
            var tensorShape = Extents.Shape(sources[i].Pattern.Items, table.Full);
            if (sources[i].Joined is not null)
            {
                // One tensor of the whole shape: whoever knows how many shards there are cuts it.
                tensors.Add(new LayoutTensor(sources[i].Name.Text, tensorShape, i));
                continue;
            }
            foreach (var name in TensorNames.Of(sources[i].Name, table))
                tensors.Add(new LayoutTensor(name, tensorShape, i));
            // One hole spells each index differently. Two without text between them need not: 1 and 11, 11 and 1.
            if (sources[i].Name.Holes.Length > 1 && SpelledTwice(tensors.Skip(firsts[i])) is { } twice)
            {
                error = new LayoutError(
                    LayoutErrorKind.Overlap,
                    $"Expected a name of its own for each tensor of \"{sources[i].Name.Text}\"; \"{twice}\" is spelled for two. Put text between the holes.",
                    0,
                    sources[i].Name.Text.Length,
                    i,
                    InName: true);
                return null;
            }
        }
        error = null;

        var slots = ImmutableArray.CreateBuilder<LayoutSlot>();
        var filled = ImmutableArray.CreateBuilder<ConstantSlot>();
        foreach (var match in matches)
        {
            if (match.Source < sources.Count)
            {
                SlotBuilder.Add(slots, table, wanted[match.Parameter].Body, match.Given, firsts[match.Source]);
                continue;
            }
            var regions = ImmutableArray.CreateBuilder<LayoutSlot>();
            SlotBuilder.Add(regions, table, wanted[match.Parameter].Body, match.Given, 0);
            filled.AddRange(regions.Select(region => new ConstantSlot(constants[match.Source - sources.Count].Value, region)));
        }

        var shape = Extents.Shape(parameter.Items, table.Held);
        return new LayoutPlan(
            shape, tensors.ToImmutable(), [.. slots.OrderBy(static slot => slot.Tensor)], filled.ToImmutable(), PaddedCount(shape, wanted, table))
        {
            Rest = matches.Count(match => match.Source < sources.Count) == given.Sum(static placements => placements.Length) ? [] : Rest(sources, table, given, matches, firsts),
        };
    }

    /// <summary>What sources give that no alternative of the parameter takes: all of it, for the shares of ranks play no part.</summary>
    private static ImmutableArray<LayoutRest> Rest(IReadOnlyList<ParsedSource> sources, AxisTable table, ImmutableArray<Placement>[] given, ImmutableArray<Coverage.Match> matches, int[] firsts)
    {
        var (rest, taken) = (ImmutableArray.CreateBuilder<LayoutRest>(), new HashSet<Placement>(matches.Select(static match => match.Given)));
        for (var source = 0; source < sources.Count; source++)
        {
            foreach (var left in given[source].Where(placement => !taken.Contains(placement)))
            {
                var loops = left.Body.Loops.Select(loop => (Size: table.Full(loop.Axis), loop.Stride)).Where(static loop => loop.Size > 1).Select(static loop => new SlotLoop(loop.Size, loop.Stride, loop.Stride));
                var region = LayoutSlot.Of(0, 0, left.Body.Offset, [.. loops]);
                IEnumerable<long> tensors = left.Name.Loops.Where(static loop => loop.Stride > 0).Aggregate((IEnumerable<long>)[left.Name.Offset], (starts, loop) => starts.SelectMany(start => new IndexRun(start, table.Full(loop.Axis), loop.Stride).Indices()));
                rest.AddRange(tensors.Select(tensor => new LayoutRest(checked((int)(firsts[source] + tensor)), left.Describe(sources[source].Part), region)));
            }
        }
        return rest.ToImmutable();
    }

    private static string? SpelledTwice(IEnumerable<LayoutTensor> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return tensors.Select(static tensor => tensor.Name).FirstOrDefault(name => !names.Add(name));
    }

    private static long PaddedCount(ImmutableArray<long> shape, ImmutableArray<Placement> placements, AxisTable table) =>
        shape.Aggregate(1L, static (count, extent) => checked(count * extent)) - placements.Sum(placement => CountOf(placement, table));

    private static long CountOf(Placement placement, AxisTable table) =>
        // Not Count: positions that are padding need no source.
        placement.Loops.Aggregate(1L, (count, loop) => count * table.Of(loop.Key).Elements);

    // All syntax errors, the parameter's first.
    private static ImmutableArray<LayoutError> TryParse(
        string parameter, IReadOnlyList<LayoutSource> sources, out Pattern? parsed, out ImmutableArray<ParsedSource> parsedSources)
    {
        var errors = ImmutableArray.CreateBuilder<LayoutError>();
        var all = ImmutableArray.CreateBuilder<ParsedSource>(sources.Count);
        if (!Pattern.TryParse(parameter, out parsed, out var error))
            errors.Add(error);
        for (var i = 0; i < sources.Count; i++)
        {
            if (!NamePattern.TryParse(sources[i].Name, out var name, out error))
                errors.Add(error with { SourceIndex = i, InName = true });
            if (!Pattern.TryParse(sources[i].Pattern, out var pattern, out error))
                errors.Add(error with { SourceIndex = i });
            Pattern? repeat = null;
            if (sources[i].Repeat is { } axes && !LayoutSource.TryParse(axes, out repeat, out error))
                errors.Add(error with { SourceIndex = i, InRepeat = true });
            if (name is not null && pattern is not null)
                all.Add(new ParsedSource(name, pattern, sources[i].Part) { Repeat = repeat, Joined = sources[i].Joined });
        }
        parsedSources = all.ToImmutable();
        return errors.ToImmutable();
    }
}
