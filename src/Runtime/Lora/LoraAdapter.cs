using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Lora;
using Lanyard.Maps;
using static TorchSharp.torch;

namespace Lanyard;

/// <summary>
/// An adapter of low rank as a tree of its own, with the names that PEFT gives its tensors
/// (<c>base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight</c>): it is refitted, checked and exported by itself, as any model. Attached, it stands
/// beside products of its base. Each rank has all of it, and computes with what its part of the base needs.
/// </summary>
public sealed class LoraAdapter : IParameterModule, IDisposable
{
    private readonly ModelIndex _base;
    private readonly Entries _entries;
    private readonly ImmutableArray<LoraProduct> _products;
    private readonly List<ParameterAdapter> _attached = [];

    internal LoraAdapter(ModelIndex index, LoraFolder folder, IReadOnlyList<LoraTarget> targets, ScalarType type)
    {
        (_base, Scale, Rank) = (index, folder.Config.Scale, folder.Config.Rank);
        _products = [.. targets.Select(target => new LoraProduct(target.Path, Rank, target.Shape[1], target.Shape[0]))];
        _entries = new Entries(this);
        _entries.Create(Topology.Single, type, targets.Count == 0 ? CPU : DeviceOf(targets[0].Uses[0]));
    }

    /// <summary>The width between the two factors of each product.</summary>
    public int Rank { get; }

    /// <summary>What the products of the factors are multiplied with: <c>lora_alpha / r</c>, or over the root of r.</summary>
    public double Scale { get; }

    /// <summary>The modules of the base that it belongs to, by their paths.</summary>
    public IReadOnlyList<string> Targets => [.. _products.Select(product => product.Path)];

    /// <summary>Whether it stands beside products of its base.</summary>
    public bool IsAttached => _attached.Count > 0;

    /// <inheritdoc/>
    public ParameterSet Parameters => _entries;

    /// <summary>Takes the adapter from its base, which then computes as before it was attached. It waits for readings of the base.</summary>
    public void Detach()
    {
        if (_attached.Count == 0) return;
        using var closed = Neighbours.Close(_base.Sets, "Taking an adapter away", CancellationToken.None);
        foreach (var adapter in _attached)
        {
            if (ReferenceEquals(adapter.Bound.Adapter, adapter)) adapter.Bound.Adapter = null;
            foreach (var product in _products) product.Parameters.Neighbours.RemoveAbove(adapter.Bound.Owner);
            adapter.Dispose();
        }
        _attached.Clear();
        Neighbours.Changed(_base.Sets, isOtherWeights: false);
    }

    /// <summary>Detaches the adapter and frees its memory.</summary>
    public void Dispose()
    {
        Detach();
        foreach (var product in _products) product.Dispose();
    }

    /// <summary>Puts the adapter beside its base, all of it or nothing.</summary>
    /// <param name="targets">The weights that it belongs to.</param>
    /// <param name="problems">What is in the way; more is entered.</param>
    internal void Attach(IReadOnlyList<LoraTarget> targets, List<LoraProblem> problems)
    {
        using var closed = Neighbours.Close(_base.Sets, "Attaching an adapter", CancellationToken.None);
        var parts = new Dictionary<BoundParameter, List<AdaptedPart>>();
        foreach (var (target, product) in targets.Zip(_products))
        {
            foreach (var use in target.Uses.Where(use => !use.Slots.IsEmpty))
            {
                if (AdaptedPart.Of(use, product, DeviceOf(use)) is not { } part)
                {
                    problems.Add(new LoraProblem(target.Tensor.Name, "rows and columns of a matrix: merge the adapter", $"{use.Parameter.Bound}, \"{use.Parameter.Bound.Storage}\""));
                    continue;
                }
                if (!parts.TryGetValue(use.Parameter.Bound, out var own)) parts.Add(use.Parameter.Bound, own = []);
                own.Add(part);
            }
        }
        if (problems.Count > 0)
        {
            foreach (var part in parts.Values.SelectMany(own => own)) part.Dispose();
            return;
        }
        foreach (var (bound, own) in parts)
        {
            var adapter = new ParameterAdapter(bound, own, Scale);
            bound.Adapter = adapter;
            _attached.Add(adapter);
        }

        // Who reads the base reads the adapter: a refit of either waits for it.
        foreach (var (target, product) in targets.Zip(_products))
        {
            foreach (var use in target.Uses) product.Parameters.Neighbours.AddAbove(use.Parameter.Bound.Owner);
        }
        Neighbours.Changed(_base.Sets, isOtherWeights: false);
    }

    /// <summary>The difference that the adapter makes to the weight of a module, scale B A, [out in], in float32 or float64; for the caller to dispose.</summary>
    internal Tensor Difference(string path)
    {
        using var scope = NewDisposeScope();
        var product = _products.First(product => product.Path == path);
        var type = product.A.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        return nn.functional.linear(product.B.to(type), product.A.to(type).t()).Times(Scale).MoveToOuterDisposeScope();
    }

    private static Device DeviceOf(TensorUse use) => use.Parameter.Bound.HasValue ? use.Parameter.Bound.Held.device : use.Parameter.Bound.Owner.Said.Device ?? CPU;

    private sealed class Entries(LoraAdapter adapter) : ParameterSet(Declared)
    {
        private static readonly ModuleMap Declared = new() { Type = nameof(LoraAdapter) };

        protected internal override void VisitChildren(ChildVisitor visitor)
        {
            foreach (var product in adapter._products) visitor.Visit(LoraFolder.Prefix + product.Path, product);
        }
    }
}
