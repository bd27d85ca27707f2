using Lanyard.Checkpoints;
using Lanyard.Testing.Checks;
using Lanyard.Testing.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Testing;

/// <summary>All checks of one class.</summary>
internal sealed class ModelChecks(Func<Topology, IParameterModule?> make, ModelTestOptions options)
{
    private readonly Findings _findings = new();
    private readonly HashSet<IParameterModule> _made = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _sets = [];
    private readonly NamePatterns _rounds = new(options.Rounds);
    private int _refits;
    private int _ranks;

    /// <param name="list">The tensors that the class is compared with; null where there is only the class.</param>
    /// <param name="checkpoint">Where their values are; null where there are none.</param>
    /// <param name="label">What the list is called.</param>
    /// <exception cref="ModelTestException">Something is wrong.</exception>
    public ModelTestReport Run(IReadOnlyList<CheckpointTensor>? list, Checkpoint? checkpoint, string label)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var scratch = new ScratchFolder();
        using var whole = Make(Topology.Single);
        Sizes(whole);
        var isListed = list is null || _findings.Try(ModelTestCheck.Tensors, label, () => Listed(whole, list, isChecked: checkpoint is null));
        if (IsMeta(whole)) _findings.Note("the model is on the meta device, so that names, shapes and types alone were looked at");
        else RunSets(whole, Sets(whole, isListed ? checkpoint : null, label), scratch);
        if (_sets.Count > 0 && options.Exports) foreach (var pattern in _rounds.Unused) _findings.Add(ModelTestCheck.Export, "", pattern, "Rounds has it, and nothing that comes back with other values matches it");
        return _findings.Problems.Count == 0
            ? new ModelTestReport(whole.Module.Parameters.Map.Type, whole.Parameters.Count(), [.. _sets], _refits, _ranks, [.. _findings.Notes])
            : throw new ModelTestException(whole.Module.Parameters.Map.Type, [.. _findings.Problems]);
    }

    private static bool IsMeta(MadeModel model) => model.Parameters.Any(item =>
    {
        try
        {
            return item.Parameter.Value.device_type == DeviceType.META;
        }
        catch (ModelStateException)
        {
            // What may not be read before it is loaded is somewhere.
            return false;
        }
    });

    private void Sizes(MadeModel model)
    {
        var check = new SizeCheck(options.Alike, (name, detail) =>
        {
            if (options.SizesMayBeEqual) _findings.Note($"{detail} ({NameFolding.Shape(name)})");
            else _findings.Add(ModelTestCheck.Sizes, "", name, detail);
        });
        check.Run(model.Module);
        foreach (var unused in check.Unused) _findings.Add(ModelTestCheck.Sizes, "", "", $"Alike has \"{unused}\", which no parameter needs");
    }

    private void Listed(MadeModel model, IReadOnlyList<CheckpointTensor> list, bool isChecked)
    {
        var estimate = LoadPlan.Check(model.Module, list);
        if (!isChecked) return;

        // Without values it cannot be tried which of them fill nothing.
        var owners = new ParameterOwners(model.Module);
        var unknown = list.Where(tensor => !owners.FilledBy(tensor.Name).Any()).Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        if (unknown.Count <= list.Count - estimate.Tensors) LeftOut(unknown);
        else _findings.Note($"{list.Count - estimate.Tensors} tensors of the list fill nothing; which, a list in another convention does not tell");
    }

    /// <summary>Compares what fills nothing with what the author says of it.</summary>
    private void LeftOut(IReadOnlySet<string> names)
    {
        var patterns = new NamePatterns(options.LeftOut);
        foreach (var name in names.Where(name => !patterns.Match(name)))
            _findings.Add(ModelTestCheck.Load, "", name, "it fills nothing: an [Ignore] leaves it alone, or it says nothing of the values. Where that is meant, name it in LeftOut");
        foreach (var pattern in patterns.Unused)
            _findings.Add(ModelTestCheck.Load, "", pattern, "LeftOut has it, and nothing that is left out matches it");
    }

    /// <summary>The tensors that are tried: those of the checkpoint, and random ones in each format.</summary>
    private List<WeightSet> Sets(MadeModel model, Checkpoint? checkpoint, string label)
    {
        var sets = new List<WeightSet>();
        var isEncoded = model.Parameters.SelectMany(item => item.Parameter.Entry.Sources).Any(source => source.Encoding is not null || source.Scale is not null || source.Offset != 0);
        var formats = Formats.Of(model.Module);
        if (formats.Count == 0) _findings.Add(ModelTestCheck.Load, "", "", "no parameter has a source, so that there is nothing to try");
        if (checkpoint is not null && checkpoint.Tensors.Values.All(tensor => tensor.DType.IsViewable())) sets.Add(Stored(model, checkpoint, label, formats, isEncoded));
        else if (checkpoint is not null) Blocks(checkpoint, label);
        foreach (var format in formats)
        {
            try
            {
                var expected = model.Module.ExpectedTensors(format);
                var name = format.Length == 0 ? formats.Count == 1 ? "random values" : "random values without a format" : $"random values in format \"{format}\"";
                sets.Add(new WeightSet(name, new RandomTensors(new Random(1)).Of(expected), new RandomTensors(new Random(2)).Of(expected)) { Format = format, IsEncoded = isEncoded });
            }
            catch (NotSupportedException e)
            {
                _findings.Note(e.Message);
            }
        }
        return sets;
    }

    /// <summary>Loads blocks of GGUF, which TorchSharp has no elements for.</summary>
    private void Blocks(Checkpoint checkpoint, string label)
    {
        _ = _findings.Try(ModelTestCheck.Load, label, () =>
        {
            using var model = Make();
            _ = LoadPlan.Create(model.Module, checkpoint).Execute();
        });
        _findings.Note($"{label} has blocks: it was loaded, and not exported, refitted or divided");
    }

    private static WeightSet Stored(MadeModel model, Checkpoint checkpoint, string label, IReadOnlyList<string> formats, bool isEncoded)
    {
        var owners = new ParameterOwners(model.Module);
        var expected = formats.SelectMany(format => model.Module.ExpectedTensors(format)).ToLookup(tensor => tensor.Name);
        var random = new RandomTensors(new Random(3));
        var first = checkpoint.Tensors.Values.ToDictionary(tensor => tensor.Name, checkpoint.View, StringComparer.Ordinal);

        // Names of one tensor must have the same bits.
        var made = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var second = checkpoint.Tensors.Values.ToDictionary(tensor => tensor.Name, tensor =>
        {
            var fits = owners.Usual(tensor.Name).SelectMany(name => expected[name]).Where(other => other.Shape.AsSpan().SequenceEqual(tensor.Shape.AsSpan())).ToList();
            if (fits.Count == 0) return first[tensor.Name];
            if (!made.TryGetValue(fits[0].Name, out var other)) made.Add(fits[0].Name, other = random.Like(fits[0], first[tensor.Name], tensor.DType));
            return other;
        }, StringComparer.Ordinal);
        return new WeightSet(label, first, second) { Checkpoint = checkpoint, IsEncoded = isEncoded };
    }

    private void RunSets(MadeModel whole, List<WeightSet> sets, ScratchFolder scratch)
    {
        var ranks = new RankCheck(_findings, scratch, Make);
        List<Topology> topologies = [.. Ranks(whole).Where(ranks.AreMade)];
        foreach (var set in sets)
        {
            var before = _findings.Problems.Count;
            if (!Loaded(set, model => new RepeatCheck(_findings, Make).Run(model, set))) continue;

            // What does not repeat would be found again after each refit.
            var leftOut = Subsets(set, _findings.Problems.Count == before ? _findings : new Findings());
            var exported = options.Exports ? Exported(set, leftOut, scratch) : null;
            foreach (var topology in topologies)
            {
                ranks.Run(topology, set, exported, whole.Parameters.Count());
                _ranks += topology.TensorSize * topology.ExpertSize * topology.PipelineSize;
            }
            _sets.Add(set.Label);
        }
    }

    /// <summary>Refits tensor by tensor. Returns those that fill nothing.</summary>
    private HashSet<string> Subsets(WeightSet set, Findings findings)
    {
        var subset = new SubsetCheck(findings, Make);
        _ = Loaded(set, model => subset.Run(model, set));
        _refits += subset.Refits;
        if (set.Checkpoint is null) return subset.LeftOut;
        LeftOut(subset.LeftOut);
        var unchanged = set.First.Keys.Where(name => ReferenceEquals(set.First[name], set.Second[name]) && !subset.LeftOut.Contains(name) && !subset.Owners!.FilledBy(name).Any()).ToList();
        if (unchanged.Count > 0) findings.Note($"not refitted with other values, for they have names of a convention: {string.Join(", ", NameFolding.Fold(unchanged))}");
        return subset.LeftOut;
    }

    /// <summary>Exports what was loaded. Returns where to, or null where that is not what was loaded.</summary>
    private string? Exported(WeightSet set, HashSet<string> leftOut, ScratchFolder scratch)
    {
        string? exported = null;
        _ = Loaded(set, model =>
        {
            var before = _findings.Problems.Count;
            exported = new ExportCheck(_findings, scratch, _rounds).Run(model, set, leftOut);
            if (_findings.Problems.Count > before) exported = null;
        });
        return exported;
    }

    /// <summary>Does something with a model that has just been loaded; returns whether it could be.</summary>
    private bool Loaded(WeightSet set, Action<MadeModel> check)
    {
        using var model = Make();
        if (!_findings.Try(ModelTestCheck.Load, set.Label, () => set.Load(model))) return false;
        return _findings.Try(ModelTestCheck.Load, set.Label, () => check(model));
    }

    private MadeModel Make() => Make(Topology.Single);

    /// <exception cref="ArgumentException">The factory has no instance, or one that it has given before and that is disposed.</exception>
    private MadeModel Make(Topology topology)
    {
        var made = make(topology) ?? throw new ArgumentException("The factory returned null.");
        return _made.Add(made) ? new MadeModel(made) : throw new ArgumentException("The factory returned an instance that it returned before: it must make one each time.");
    }

    private IEnumerable<Topology> Ranks(MadeModel whole)
    {
        if (!options.Ranks.IsDefault) return options.Ranks;
        var shards = whole.Parameters.SelectMany(item => item.Parameter.Owner.Map.Axes).Select(axis => axis.Shard).Distinct().ToList();
        var (tensor, expert) = (shards.Contains(Shard.Tensor), shards.Contains(Shard.Expert));
        return tensor || expert ? [new Topology(0, tensor ? 2 : 1, 0, expert ? 2 : 1)] : [];
    }
}
