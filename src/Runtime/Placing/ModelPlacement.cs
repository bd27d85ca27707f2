using Lanyard.Index;
using Lanyard.Live;
using Lanyard.Maps;
using TorchSharp;

namespace Lanyard.Placing;

/// <summary>A change of placement of all experts of a model: checked as a whole, then done module by module.</summary>
internal sealed class ModelPlacement
{
    private readonly ModelIndex _index;
    private readonly List<(ModelModule Module, Topology Topology)> _placed = [];

    /// <exception cref="ArgumentException">A placement does not fit the ranks.</exception>
    public ModelPlacement(ModelIndex index, Func<string, ExpertPlacement?> placementOf)
    {
        _index = index;
        foreach (var module in index.Modules.Where(module => module.Set.Map.Axes.Any(axis => axis.Shard == Shard.Expert)))
        {
            var topology = module.Set.Topology;
            if (placementOf(module.Prefix.TrimEnd('.')) is { } placement && !placement.Equals(topology.ExpertPlacement)) _placed.Add((module, topology with { ExpertPlacement = placement }));
        }
    }

    public PlacementReport Run()
    {
        var session = new ModelSession("a change of placement");
        ModelOwnership.Take(_index, session);
        try
        {
            if (_index.Modules.FirstOrDefault(module => module.Set.State == ModelState.Torn) is { } torn) throw new ModelStateException($"{torn.Set.Map.Type} cannot be placed anew: the model is torn. {torn.Set.TornBecause} Run a complete refit first.");
            using var closed = Neighbours.Close(_index.Sets, $"A change of placement of {_index.Root.Map.Type}", CancellationToken.None);
            using var noGrad = torch.no_grad();
            var placements = Placements();
            List<string> faults = [.. placements.SelectMany(placement => placement.Faults())];
            if (faults.Count > 0) throw new ModelStateException($"Experts cannot be placed anew, for what post-load made of these parameters cannot be undone. Nothing was changed.\n  {string.Join("\n  ", faults)}");
            try
            {
                placements.ForEach(placement => placement.Reserve());
                Place(placements);
            }
            finally
            {
                placements.ForEach(placement => placement.Release());
            }
        }
        finally
        {
            ModelOwnership.Release(_index, session);
        }
        var now = ModelIndex.Of(_index.Root);
        foreach (var module in now.Modules.Where(module => module.Set.State == ModelState.Incomplete)) module.Set.MissingTensors = MissingPlaces.Text([module]);
        return new PlacementReport([.. MissingPlaces.Names(now.Modules)]);
    }

    private List<ModulePlacement> Placements()
    {
        var (placements, wrong) = (new List<ModulePlacement>(), new List<string>());
        foreach (var (module, topology) in _placed)
        {
            try
            {
                placements.Add(new ModulePlacement(module, topology));
            }
            catch (ArgumentException error)
            {
                wrong.Add(module.Prefix.Length == 0 ? error.Message : $"{module.Prefix.TrimEnd('.')}: {error.Message}");
            }
        }
        return wrong.Count == 0 ? placements : throw new ArgumentException($"Experts cannot be placed so. Nothing was changed.\n  {string.Join("\n  ", wrong)}");
    }

    private void Place(List<ModulePlacement> placements)
    {
        try
        {
            placements.ForEach(placement => placement.Run());
        }
        catch when (placements.Exists(placement => placement.HasBegun))
        {
            foreach (var module in _index.Modules) (module.Set.State, module.Set.TornBecause) = (ModelState.Torn, "A change of placement failed after some experts had moved.");
            placements.ForEach(placement => placement.Scrap());
            throw;
        }
        if (placements.Count > 0) Neighbours.Changed(_index.Sets, isOtherWeights: false);
    }
}
