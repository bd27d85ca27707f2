using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Matching;
using Lanyard.Generator.Conformance.Sizes;
using Lanyard.Layouts;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>Axes that ranks cannot share, by the rules of the runtime.</summary>
internal static class TopologyProblems
{
    /// <summary>What is wrong with the axes of a tree for so many ranks, each axis of a class once.</summary>
    public static IEnumerable<ConformanceProblem> Of(IEnumerable<ModuleSizes> modules, SizeSolution<SizeSource> solution, RankCount ranks)
    {
        var reported = new HashSet<(string, string, string)>();
        foreach (var module in modules)
        {
            // What only absent parameters have is held by nobody.
            var used = UsedAxes(module);
            foreach (var axis in module.Module.Class.Axes.Where(axis => used.Contains(axis.Name)))
            {
                if (solution.Value(module.Axes[axis.Name]) is not { } size || Wrong(axis, size, module, solution, ranks) is not { } wrong) continue;
                if (reported.Add((module.Module.Class.Name, axis.Name, wrong)))
                    yield return new(ProblemKind.Topology, ProblemPlace.Of(module.Module.Class.Name, axis.Member), $"{axis.Name} of {module.Module.Class.ShortName} is {size}, which {wrong}");
            }
            foreach (var cut in CutBlocks(module, solution, ranks))
            {
                if (reported.Add((module.Module.Class.Name, cut.Place.Member!, cut.Message))) yield return cut;
            }
        }
    }

    private static HashSet<string> UsedAxes(ModuleSizes module) =>
    [
        .. module.Module.Parameters.Where(static parameter => !parameter.Sources.IsEmpty)
            .SelectMany(static parameter => Pattern.TryParse(parameter.Parameter.Pattern, out var pattern, out _) ? Nodes.AxesOf(pattern.Items).Select(static axis => axis.Name) : []),
    ];

    private static string? Wrong(DescribedAxis axis, long size, ModuleSizes module, SizeSolution<SizeSource> solution, RankCount ranks)
    {
        var over = $"{ranks.Tensor} tensor-parallel ranks";
        if (axis.Follows is { } follows) return Behind(axis, size, follows, module, solution);
        if (axis.Shard != "Tensor" || axis.Unit > 0 || axis.Padded) return null;
        if (axis.PadTo != 1)
        {
            var padded = (size + axis.PadTo - 1) / axis.PadTo * axis.PadTo;
            return padded % ranks.Tensor == 0 ? null : $"is rounded up to {padded}, and that does not divide over {over}: a PadTo that is a multiple of {ranks.Tensor} does";
        }
        if (axis.PadWithin is { } within)
        {
            if (!module.Axes.TryGetValue(within, out var term) || solution.Value(term) is not { } runs) return null;
            return size % runs != 0 ? $"has no equal run for each of {runs} of {within}"
                : runs % ranks.Tensor != 0 && ranks.Tensor % runs != 0 ? $"is padded within {within}, and {runs} of it can neither be dealt to {over} nor be shared by them"
                : null;
        }
        if (size % ranks.Tensor == 0 || (axis.Replicate && ranks.Tensor % size == 0)) return null;
        return size < ranks.Tensor && ranks.Tensor % size == 0
            ? $"is fewer than {over}, so that several must hold a copy of one: Replicate = true lets them share an index, Follows takes what another axis needs"
            : $"does not divide over {over}{(axis.Replicate ? ", and they are no multiple of it either" : "")}: Unit = 1 gives the last ranks less, PadTo = {ranks.Tensor} rounds it up with zeros";
    }

    private static string? Behind(DescribedAxis axis, long size, string follows, ModuleSizes module, SizeSolution<SizeSource> solution)
    {
        if (!Pattern.TryParse(follows, out var pattern, out _)) return null;
        var whole = 1L;
        foreach (var name in Nodes.AxesOf(pattern.Items).Select(static leader => leader.Name))
        {
            if (!module.Axes.TryGetValue(name, out var term) || solution.Value(term) is not { } leader) return null;
            whole *= leader;
        }
        var units = axis.Unit == 0 ? whole : (whole + axis.Unit - 1) / axis.Unit;
        return axis.Unit > 0 && units != size ? $"follows {follows} of size {whole} in units of {axis.Unit}, which are {units}"
            : size > units ? $"follows {follows} of size {whole}, whose indices need one each, and the others would be on no rank"
            : null;
    }

    /// <summary>Parameters of blocks of which a rank's share would begin or end within one.</summary>
    private static IEnumerable<ConformanceProblem> CutBlocks(ModuleSizes module, SizeSolution<SizeSource> solution, RankCount ranks)
    {
        foreach (var parameter in module.Module.Parameters.Where(static parameter => !parameter.Sources.IsEmpty))
        {
            if (!Pattern.TryParse(parameter.Parameter.Pattern, out var pattern, out _)) continue;
            foreach (var blocks in pattern.Items.SelectMany(Blocks))
            {
                foreach (var axis in Nodes.AxesOf([blocks.Composition]))
                {
                    var declared = module.Module.Class.Axes.FirstOrDefault(declared => declared.Name == axis.Name);
                    if (declared is not { Shard: "Tensor", Follows: null } || solution.Value(module.Axes[axis.Name]) is not { } size || solution.Value(Extent(module, blocks.Composition)) is not { } extent) continue;
                    var unit = Math.Max(declared.Unit, 1);
                    var each = declared.PadTo != 1 ? (size + declared.PadTo - 1) / declared.PadTo * declared.PadTo / ranks.Tensor : (((size + unit - 1) / unit) + ranks.Tensor - 1) / ranks.Tensor * unit;

                    // One index of the axis is so many positions of what is counted in blocks.
                    var share = each * (extent / Math.Max(size, 1));
                    if (share % blocks.Size == 0 || share >= extent) continue;
                    yield return new(ProblemKind.Topology, ProblemPlace.Of(module.Module.Class.Name, parameter.Parameter.Property), $"a share of {share} of {extent} for each of {ranks.Tensor} tensor-parallel ranks cuts a block of {blocks.Size}, of which {module.Module.Class.ShortName}.{parameter.Parameter.Property} keeps one number each: {axis.Name} divides over fewer ranks, or by Unit");
                }
            }
        }
    }

    private static SizeTerm Extent(ModuleSizes module, CompositionNode composition) => composition.Parts
        .Select(part => part.Items.Select(item => item is AxisNode axis && module.Axes.TryGetValue(axis.Name, out var size) ? size : item is CompositionNode inner ? Extent(module, inner) : SizeTerm.One).Aggregate(SizeTerm.One, static (product, size) => product.Times(size)))
        .Aggregate(static (sum, size) => sum.Plus(size));

    private static IEnumerable<BlocksNode> Blocks(ItemNode item) => item switch
    {
        BlocksNode blocks => [blocks],
        CompositionNode composition => composition.Parts.SelectMany(static part => part.Items).SelectMany(Blocks),
        PadNode pad => Blocks(pad.Composition),
        _ => [],
    };
}
