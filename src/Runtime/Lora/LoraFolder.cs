using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Index;
using static TorchSharp.torch;

namespace Lanyard.Lora;

/// <summary>The folder of an adapter, as PEFT writes it: its settings are read first, and looked at before the tensors.</summary>
internal sealed class LoraFolder : IDisposable
{
    /// <summary>What stands before the path of a module in the base.</summary>
    public const string Prefix = "base_model.model.";

    private const string FileName = "adapter_model.safetensors";
    private readonly Checkpoint _checkpoint;
    private readonly HashSet<string> _shapes;

    /// <exception cref="LoraException">Lists every setting that cannot be used.</exception>
    /// <exception cref="CheckpointException">A file cannot be read.</exception>
    public LoraFolder(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        (Path, Config) = (System.IO.Path.GetFullPath(folder), LoraConfigReader.Of(folder));
        _checkpoint = Checkpoint.Open(System.IO.Path.Combine(folder, FileName));
        _shapes = [.. _checkpoint.Tensors.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => NameFolding.Shape(ModuleOf(name)))];
    }

    public string Path { get; }

    public LoraConfig Config { get; }

    /// <summary>The weights of the base that the adapter belongs to.</summary>
    /// <param name="index">The base.</param>
    /// <param name="isBeside">Whether the adapter is to stand beside the parameters.</param>
    /// <param name="problems">What is wrong so far; more is entered.</param>
    public List<LoraTarget> Targets(ModelIndex index, bool isBeside, List<LoraProblem> problems)
    {
        try
        {
            // Experts that are parameters of their own are no modules to PEFT: whether they were to the one that wrote the file, it shows itself.
            var targets = LoraTarget.In(index).Where(target => Config.Targets.Match(target.Path))
                .Where(target => Has(target) || (target.TakesAdapters && !Config.Targets.AreAll)).ToList();
            foreach (var (setting, text) in Config.Targets.Unused([.. targets.Select(target => target.Path)])) problems.Add(new LoraProblem($"{setting} {text}", $"a module of {index.Root.Map.Type}", "none"));
            foreach (var use in isBeside ? targets.SelectMany(target => target.Uses) : [])
            {
                if (use.Parameter.Bound.NoAdapterBecause is { } reason) problems.Add(new LoraProblem(use.Tensor.Name, $"a product that an adapter can stand beside; {reason}: merge the adapter", $"{use.Parameter.Bound}"));
                else if (use.Parameter.Bound.Adapter is not null) problems.Add(new LoraProblem(use.Tensor.Name, $"a parameter without an adapter: detach the one before, or merge it", $"{use.Parameter.Bound}, which has one"));
            }
            return targets;
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException e)
        {
            problems.Add(new LoraProblem("target_modules", "a pattern that is compared within a second", e.Pattern));
            return [];
        }
    }

    /// <summary>Makes the tree of an adapter and loads it.</summary>
    /// <param name="index">The base.</param>
    /// <param name="targets">The weights that the adapter belongs to.</param>
    /// <param name="type">The type of the factors, or null for that of the base, or of the file where that is wider.</param>
    /// <param name="problems">What is wrong so far.</param>
    /// <exception cref="LoraException">Lists everything that is wrong.</exception>
    public LoraAdapter Load(ModelIndex index, IReadOnlyList<LoraTarget> targets, ScalarType? type, List<LoraProblem> problems)
    {
        var adapter = new LoraAdapter(index, this, targets, type ?? Type(targets));
        LoadException? wrong = null;
        try
        {
            var plan = LoadPlan.Create(adapter, _checkpoint, new LoadOptions { Access = CheckpointAccess.Read });
            if (problems.Count == 0)
            {
                plan.Execute();
                return adapter;
            }
        }
        catch (LoadException e)
        {
            wrong = e;
            problems.AddRange(e.Problems.Select(problem => new LoraProblem(problem.Tensor, problem.Expected ?? (problem.Kind == LoadProblemKind.Unexpected ? "a name of an adapter that the base has a place for" : "a tensor of the adapter"), problem.Found ?? (problem.Kind == LoadProblemKind.Missing ? "none" : $"{problem.Kind}"))));
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
        adapter.Dispose();
        throw new LoraException(Path, [.. problems], wrong);
    }

    public void Dispose() => _checkpoint.Dispose();

    private bool Has(LoraTarget target) => _shapes.Contains(NameFolding.Shape(Prefix + target.Path));

    private static string ModuleOf(string name)
    {
        var end = name.IndexOf(".lora_", StringComparison.Ordinal);
        return end < 0 ? name : name[..end];
    }

    /// <summary>The narrowest type that holds what is stored and what the base computes in.</summary>
    private ScalarType Type(IReadOnlyList<LoraTarget> targets)
    {
        ImmutableArray<ScalarType> types = [.. targets.SelectMany(target => target.Uses).Select(use => use.Parameter.Bound.ModelType).Concat(_checkpoint.Tensors.Values.Select(tensor => tensor.DType.ToScalarType())).Where(type => is_floating_point(type)).Distinct()];
        return types is [var only] ? only : types.Contains(ScalarType.Float64) ? ScalarType.Float64 : ScalarType.Float32;
    }
}
