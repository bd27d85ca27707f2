using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Index;
using Lanyard.Live;
using Lanyard.Lora;
using Lanyard.Memory;
using Lanyard.Parts;
using static TorchSharp.torch;

namespace Lanyard;

/// <summary>An adapter that was added to the weights of its base, and how to take it away again. The base may not be refitted in between.</summary>
public sealed class LoraMerge : IDisposable
{
    private readonly IParameterModule _model;
    private readonly string? _base;
    private readonly Dictionary<string, MergedWeight> _merged = new(StringComparer.Ordinal);

    internal LoraMerge(IParameterModule model, string? baseCheckpoint) => (_model, _base) = (model, baseCheckpoint);

    /// <summary>The tensors of the base that are changed, by their names in its checkpoint.</summary>
    public IReadOnlyCollection<string> Tensors => [.. _merged.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Merges another adapter in place of this one, or the next weights of the same: from the weights of the base, so that nothing adds up.</summary>
    /// <param name="folder">The folder of the adapter.</param>
    /// <returns>What was written and which methods ran.</returns>
    /// <exception cref="LoraException">As <see cref="LoraExtensions.MergeLora"/>. What was merged stays.</exception>
    /// <exception cref="ModelStateException">The weights are not those that were merged: somebody has refitted the base since.</exception>
    public LoadReport Replace(string folder)
    {
        using var opened = new LoraFolder(folder);
        var (index, problems) = (ModelIndex.Of(_model.Parameters), new List<LoraProblem>());
        var targets = opened.Targets(index, isBeside: false, problems);
        foreach (var use in _base is null ? targets.SelectMany(target => target.Uses) : [])
        {
            if (UndonePostLoad.NoWayBack(use.Parameter) is { } reason) problems.Add(new LoraProblem(use.Tensor.Name, "the weight as it was loaded, or the checkpoint of the base to read it from", $"{use.Parameter.Bound}: {reason}"));
        }
        using var adapter = opened.Load(index, targets, null, problems);
        return Write(index, adapter, targets);
    }

    /// <summary>Takes the adapter away: the base has the bits that it had.</summary>
    /// <returns>What was written and which methods ran.</returns>
    /// <exception cref="ModelStateException">The weights are not those that were merged: somebody has refitted the base since.</exception>
    public LoadReport Undo() => Write(ModelIndex.Of(_model.Parameters), null, []);

    /// <summary>Frees what was kept of the base. The weights stay merged.</summary>
    public void Dispose()
    {
        foreach (var weight in _merged.Values) weight.Dispose();
        _merged.Clear();
    }

    private LoadReport Write(ModelIndex index, LoraAdapter? adapter, IReadOnlyList<LoraTarget> targets)
    {
        using var noGrad = no_grad();
        using var refit = _model.BeginRefit(RefitMode.Staged, RefitScope.Subset);
        if (index.Modules.FirstOrDefault(module => module.Set.State != ModelState.Loaded) is { } unloaded) throw new ModelStateException($"{unloaded.Set.Map.Type} is {unloaded.Set.State}: adapters are merged into a loaded model.");
        using var source = _base is null ? null : Checkpoint.Open(_base);
        var next = new Dictionary<string, MergedWeight>(StringComparer.Ordinal);
        try
        {
            foreach (var module in Touched(index, targets).GroupBy(weight => weight.Uses[0].Parameter.Module))
            {
                using var undone = Undone(module);
                foreach (var weight in module) Write(index, refit, weight, undone, source, adapter, next);
            }
            var report = refit.Commit();
            foreach (var (name, weight) in next)
            {
                if (_merged.Remove(name, out var before) && !ReferenceEquals(before.Kept, weight.Kept)) before.Dispose();
                if (weight.IsMerged) _merged.Add(name, weight);
                else weight.Dispose();
            }
            foreach (var module in _merged.Values.GroupBy(weight => weight.Weight.Uses[0].Parameter.Module)) Remember(index, module);
            return report;
        }
        catch
        {
            foreach (var (name, weight) in next)
            {
                if (!_merged.TryGetValue(name, out var before) || !ReferenceEquals(before.Kept, weight.Kept)) weight.Dispose();
            }
            throw;
        }
    }

    /// <summary>The weights that are written: those that an adapter changes or changed, and what post-load methods need beside them to run again.</summary>
    private IEnumerable<LoraTarget> Touched(ModelIndex index, IReadOnlyList<LoraTarget> targets)
    {
        var names = targets.Select(target => target.Tensor.Name).Concat(_merged.Keys).ToHashSet(StringComparer.Ordinal);
        var all = LoraTarget.In(index).ToDictionary(target => target.Tensor.Name, StringComparer.Ordinal);
        var replaced = names.SelectMany(name => all[name].Uses).Where(use => use.Parameter.Bound.IsTransformed).Select(use => (use.Parameter, use.Format)).ToHashSet();
        names.UnionWith(replaced.SelectMany(pair => pair.Format.Uses.Where(use => !use.Slots.IsEmpty)).Select(use => use.Tensor.Name));
        return names.Order(StringComparer.Ordinal).Select(name => all.TryGetValue(name, out var target) ? target : throw new LoraException(name, [new LoraProblem(name, "plain numbers in rows and columns", "another tensor, which post-load needs to run again")]));
    }

    private void Write(ModelIndex index, RefitSession refit, LoraTarget weight, UndonePostLoad? undone, Checkpoint? source, LoraAdapter? adapter, Dictionary<string, MergedWeight> next)
    {
        var (name, use) = (weight.Tensor.Name, weight.Uses.FirstOrDefault(use => !use.Slots.IsEmpty));
        if (use is null || index.SliceOf(use) is not { } rank) return;
        using var scope = NewDisposeScope();
        var live = undone is null ? null : Live(weight, rank, undone);
        var before = _merged.GetValueOrDefault(name);
        if (before is not null) CheckSame(before, live);
        var kept = before?.Kept ?? (source is null ? live!.cpu() : null);
        var own = kept ?? Stored(source!, weight);
        var isMerged = adapter?.Targets.Contains(weight.Path) == true;
        var merged = isMerged ? Sum(name, own, adapter!.Difference(weight.Path), kept is null ? null : rank) : own;
        if (kept is null) refit.Write(name, merged);
        else refit.WriteSlice(name, merged);
        next.Add(name, new MergedWeight(weight, kept, isMerged));
        if (before is null) kept?.DetachFromDisposeScope();
    }

    /// <summary>Remembers how the weights of a module lie there now, so that another refit is seen.</summary>
    private static void Remember(ModelIndex index, IGrouping<ModelModule, MergedWeight> module)
    {
        using var undone = Undone(module.Select(weight => weight.Weight));
        foreach (var weight in module)
        {
            weight.Generation = module.Key.Set.Generation;
            if (undone is null || index.SliceOf(weight.Weight.Uses.First(use => !use.Slots.IsEmpty)) is not { } rank) continue;
            using var live = Live(weight.Weight, rank, undone);
            weight.Digest = TensorDigest.Of(live);
        }
    }

    /// <summary>The weights of a module as they were loaded; null where nothing takes back what post-load made of them.</summary>
    private static UndonePostLoad? Undone(IEnumerable<LoraTarget> weights)
    {
        List<ModelParameter> parameters = [.. weights.SelectMany(weight => weight.Uses).Select(use => use.Parameter).Distinct()];
        if (parameters.Exists(parameter => UndonePostLoad.NoWayBack(parameter) is not null)) return null;
        var undone = new UndonePostLoad(parameters[0].Module, parameters);
        try
        {
            CheckUndone(undone);
            return undone;
        }
        catch
        {
            undone.Dispose();
            throw;
        }
    }

    /// <summary>What this rank holds of a weight, as it was loaded.</summary>
    private static Tensor Live(LoraTarget weight, RankSlice rank, UndonePostLoad undone)
    {
        var values = zeros([.. rank.Slice.Shape], weight.Uses[0].Parameter.Bound.ModelType);
        foreach (var use in weight.Uses)
        {
            foreach (var slot in use.Slots.SelectMany(slot => rank.Part.Of(slot))) SlotCopy.Read(undone.Value(use.Parameter), values, slot);
        }
        return values;
    }

    private static Tensor Stored(Checkpoint source, LoraTarget weight)
    {
        var name = weight.Tensor.Name;
        if (source.Tensors.TryGetValue(name, out var tensor) && is_floating_point(tensor.DType.ToScalarType()) && tensor.Shape.AsSpan().SequenceEqual(weight.Shape.AsSpan()))
        {
            // As a load converts it, so that the sum is rounded to the model's type alone.
            return source.Read(tensor).to(weight.Uses[0].Parameter.Bound.ModelType);
        }

        throw new LoraException(source.Path, [new LoraProblem(name, $"floating-point numbers [{string.Join(", ", weight.Shape)}] in the checkpoint of the base", tensor is null ? "none" : $"{tensor.DType} [{string.Join(", ", tensor.Shape)}]")]);
    }

    /// <summary>The sum of a weight, or of a rank's slice of it, and the difference, rounded once.</summary>
    private static Tensor Sum(string name, Tensor own, Tensor difference, RankSlice? rank)
    {
        if (rank is not null)
        {
            var slice = zeros([.. rank.Slice.Shape], difference.dtype);
            using var whole = difference.cpu().contiguous();
            foreach (var slot in rank.Slice.Plan.Slots) SlotCopy.Write(whole, slice, slot);
            difference.Dispose();
            difference = slice;
        }
        using (difference)
        {
            using var wide = own.to(own.dtype == ScalarType.Float64 ? ScalarType.Float64 : difference.dtype);
            var sum = wide.Plus(difference.to(wide.device)).to(own.dtype);
            using var finite = sum.isfinite().all();
            return finite.ReadInt64() != 0 ? sum : throw new LoraException(name, [new LoraProblem(name, $"a sum that {own.dtype} holds", "values that are infinite or no numbers")]);
        }
    }

    private static void CheckSame(MergedWeight before, Tensor? live)
    {
        if (live is not null && before.Digest is { } digest ? TensorDigest.Of(live) == digest : before.Weight.Uses[0].Parameter.Bound.Owner.Generation == before.Generation) return;
        throw new ModelStateException($"{before.Weight.Tensor.Name} is not what was merged: the base was refitted since, and what is known of it is older. Nothing was changed. Bring its own weights by a refit, and merge again.");
    }

    private static void CheckUndone(UndonePostLoad undone)
    {
        var faults = undone.Faults();
        if (faults.Count > 0) throw new LoraException(undone.Module.Prefix.TrimEnd('.'), [.. faults.Select(fault => new LoraProblem(undone.Module.Prefix + fault.Key.Entry.Name, "the weight as it was loaded, or the checkpoint of the base to read it from", fault.Value))]);
    }
}
