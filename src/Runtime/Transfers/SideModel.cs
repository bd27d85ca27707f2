using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Lanyard.Index;
using Lanyard.Layouts;

namespace Lanyard.Transfers;

/// <summary>One pipeline stage of a side: a model that stands for all its ranks, module by module.</summary>
internal sealed class SideModel
{
    private readonly Dictionary<string, SideKind?> _kinds = new(StringComparer.Ordinal);
    private readonly List<(SideKind Kind, ModelModule Module)> _modules = [];
    private readonly Func<string, ExpertPlacement?>? _placementOf;
    private readonly ParameterSet _root;

    /// <param name="model">The model.</param>
    /// <param name="ranks">The ranks that it stands for.</param>
    /// <param name="placementOf">The placement of experts of a module; null for that of the topologies.</param>
    /// <param name="problems">Where a topology does not divide the model, it is added.</param>
    public SideModel(IParameterModule model, ImmutableArray<TransferRank> ranks, Func<string, ExpertPlacement?>? placementOf, List<TransferProblem> problems)
    {
        (_root, Ranks, _placementOf) = (model.Parameters, ranks, placementOf);
        foreach (var module in ModelIndex.OfModules(_root).Modules)
        {
            var placement = placementOf?.Invoke(module.Prefix.TrimEnd('.'));
            var key = KeyOf(module, placement);
            if (!_kinds.TryGetValue(key, out var kind)) _kinds.Add(key, kind = KindOf(module, placement, problems));
            if (kind is not null) _modules.Add((kind, module));
        }
    }

    /// <summary>All names of all tensors, which takes longer than all else: asked only where a name of one side is not one of the other's.</summary>
    public ModelIndex Index => ModelIndex.Of(_root);

    public ImmutableArray<TransferRank> Ranks { get; }

    /// <summary>The modules, parents first, each with what it has in common with those like it.</summary>
    public IReadOnlyList<(SideKind Kind, ModelModule Module)> Modules => _modules;

    private SideKind? KindOf(ModelModule module, ExpertPlacement? placement, List<TransferProblem> problems)
    {
        var (shares, faults) = (new List<(ImmutableArray<Axis> Axes, List<int> Processes)>(), problems.Count);
        foreach (var rank in Ranks)
        {
            try
            {
                var topology = module.Set.Topology.As(rank.Topology);
                var axes = module.Set.SharesIn(placement is null ? topology : topology with { ExpertPlacement = placement });
                var known = shares.Find(share => Sequences.Same(share.Axes, axes));
                if (known.Processes is null) shares.Add((axes, [rank.Process]));
                else known.Processes.Add(rank.Process);
            }
            catch (ArgumentException error)
            {
                problems.Add(new TransferProblem(TransferProblemKind.WrongTopology, module.Set.Map.Type, null, $"{rank}: {error.Message}", rank.Process));
            }
        }
        return problems.Count > faults ? null : new SideKind([.. shares.Select(share => new SideKind.Share(share.Axes, [.. share.Processes]))]);
    }

    /// <summary>What makes modules hold alike.</summary>
    private string KeyOf(ModelModule module, ExpertPlacement? placement)
    {
        var (set, key) = (module.Set, new StringBuilder());
        key.Append(RuntimeHelpers.GetHashCode(set.Map)).Append(' ').Append(set.Map.Type);
        for (var i = 0; i < set.Map.Axes.Length; i++) key.Append(' ').Append(set.SizeOf(i));
        foreach (var parameter in module.Parameters) key.Append(parameter.Bound.IsPresent ? $" {(int)parameter.Bound.ModelType}{parameter.Bound.Storage}" : " -");

        if (_placementOf is not null) key.Append(' ').Append(placement);
        return key.ToString();
    }
}
