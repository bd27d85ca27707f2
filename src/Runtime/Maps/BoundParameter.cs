using System.Collections.Immutable;
using Lanyard.Maps;
using Lanyard.Memory;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard;

/// <summary>An entry of a parameter map, bound to an instance: the tensor, the layout that it is in now, and its loader.</summary>
public sealed class BoundParameter
{
    private Parameter? _value;
    private System.Index[]? _stages;

    internal BoundParameter(ParameterSet owner, ParameterEntry entry)
    {
        Owner = owner;
        Entry = entry;
    }

    /// <summary>What the class declares of the parameter.</summary>
    public ParameterEntry Entry { get; }

    /// <summary>The set that the parameter belongs to.</summary>
    public ParameterSet Owner { get; }

    /// <summary>The layout that the value is in.</summary>
    public ParameterLayout Layout =>
        _value is null ? ParameterLayout.Unset : LayoutOf(IsTransformed);

    /// <summary>The layout that loads write: the declared kernel layout, unless the tree has none (<see cref="ParameterSet.HasKernelLayouts"/>), else the model layout.</summary>
    public string Storage => Owner.UsesKernelLayouts ? Entry.Storage : Entry.Pattern;

    /// <summary>The post-load method that made the value, or null where loads write it.</summary>
    public string? MadeBy => IsTransformed ? Makers[^1] : null;

    /// <summary>The tensor that the property holds now.</summary>
    /// <exception cref="ModelStateException">The parameter has no value yet; or the module is torn or in the middle of an in-place refit.</exception>
    public Parameter Value => Owner.ReadBare(Entry.Index, _value);

    /// <summary>
    /// What is added to each product with the parameter: null for nothing. It is set while nobody runs the model, and is no part of it: loads, refits, exports
    /// and checksums know nothing of it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The class does not multiply by <see cref="Linear"/> or <see cref="Adapted"/>, or does not have the parameter here, so that the adapter would have no effect.</exception>
    public IProductAdapter? Adapter
    {
        get;
        set
        {
            if (value is not null && NoAdapterBecause is { } reason) throw new InvalidOperationException($"{this} takes no adapter: {reason}.");
            field = value;
        }
    }

    /// <summary>Memory that the last staged refit left for the next; null where it left none.</summary>
    internal ShadowMemory? Shadows { get; set; }

    /// <summary>Why an adapter would have no effect; null where it has one.</summary>
    internal string? NoAdapterBecause =>
        Entry.Adapters == AdapterUse.None ? $"the class does not multiply by Parameters.{Entry.Property}.Linear(input), written so"
        : !Owner.IsThere(Entry.Index) ? "this instance does not have it"
        : IsElsewhere ? $"it {Elsewhere}"
        : Entry.Adapters == AdapterUse.Linear && Owner.Map.PostLoads.Where(method => method.Reads.Contains(Entry.Index)).SelectMany(method => method.Writes.Select(written => (method.Method, Made: Owner[written]))).FirstOrDefault(pair => pair.Made != this && pair.Made.IsPresent) is { Made: { } made, Method: var maker } ? $"{maker} makes {made} of it, which kernels multiply with instead"
        : null;

    /// <summary>The product with the parameter, and what the adapter adds to it: what <c>forward</c> calls instead of <c>functional.linear</c>, so that adapters have a place.</summary>
    /// <param name="input">[... in]</param>
    /// <param name="bias">[out], or null.</param>
    /// <returns>[... out]; on ranks that divide <c>in</c> a part of the sum.</returns>
    /// <exception cref="ModelStateException">As for <see cref="Value"/>.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="Adapted"/>.</exception>
    public torch.Tensor Linear(torch.Tensor input, torch.Tensor? bias = null)
    {
        var product = torch.nn.functional.linear(input, Value, bias);
        GC.KeepAlive(bias);
        GC.KeepAlive(input);
        return Adapter is null ? product : Adapted(input, product);
    }

    /// <summary>A product that the class has computed in its own way, as with codes of its own, and what the adapter adds to it.</summary>
    /// <param name="input">What was multiplied, [... in].</param>
    /// <param name="product">The product, [... out]. It is disposed of where something is added.</param>
    /// <returns>[... out]; on ranks that divide <c>in</c> a part of the sum.</returns>
    /// <exception cref="InvalidOperationException">What the adapter gives has another shape or type than the product.</exception>
    public torch.Tensor Adapted(torch.Tensor input, torch.Tensor product)
    {
        if (Adapter is not { } adapter) return product;
        ArgumentNullException.ThrowIfNull(product);
        using var part = adapter.Apply(input);

        // Shapes would be stretched, and types widened, without a word.
        if (!part.shape.AsSpan().SequenceEqual(product.shape) || part.dtype != product.dtype)
            throw new InvalidOperationException($"The adapter of {this} gives {part.dtype} [{string.Join(", ", part.shape)}], and the product is {product.dtype} [{string.Join(", ", product.shape)}].");
        GC.KeepAlive(input);
        using (product) return product.Plus(part);
    }

    /// <summary>The shape that loads write, for the part that this rank holds: one size for each item of the declared layout.</summary>
    public ImmutableArray<long> ModelShape
    {
        get
        {
            Owner.Settle();
            return Owner.ShapeOf(this);
        }
    }

    /// <summary>The element type that loads write. A post-load method may make a value of another type from it.</summary>
    public torch.ScalarType ModelType { get; private set; } = torch.ScalarType.Float32;

    /// <summary>Whether the instance has the parameter: an optional one may be absent, and one that other pipeline stages hold is.</summary>
    public bool IsPresent => Owner.IsThere(Entry.Index) && !IsElsewhere;

    /// <summary>Whether only other pipeline stages hold the parameter: it has no value here, but its tensors are known.</summary>
    // Known by itself: it is asked of every parameter whenever a session begins.
    public bool IsElsewhere { get; private set; }

    private Topology Topology => _stages is null ? Owner.Topology : Owner.Topology.OnStages(_stages);

    /// <summary>Whether some elements of the model layout are padding, and therefore zero.</summary>
    internal bool HasPadding => Owner.HasPadding(this);

    /// <summary>Whether a constructor brought the value, and nothing was loaded since.</summary>
    internal bool IsForeign { get; set; }

    /// <summary>Whether the padding came with the value of a constructor, so that nothing is known of it.</summary>
    internal bool HasForeignPadding => IsForeign && HasPadding;

    /// <summary>Whether the last load or refit that had to do with it brought none of its tensors, so that it has the declared value for that.</summary>
    public bool IsAbsent { get; internal set; }

    /// <summary>Companions that may stay away and came with the codes that the value was decoded from, by full name.</summary>
    internal ImmutableHashSet<string> Beside { get; set; } = [];

    /// <summary>Whether elements came in blocks, which only their file knew, and were decoded.</summary>
    internal bool IsDecoded { get; set; }

    /// <summary>
    /// What the value was decoded from, by source and by the tensor's name below the module, where a load was asked to keep it. All are of one
    /// format. Of patches, and of what else was written to the value since, it knows nothing.
    /// </summary>
    internal ImmutableDictionary<(CheckpointSource Source, string Name), KeptTensors> Kept { get; private set; } = ImmutableDictionary<(CheckpointSource, string), KeptTensors>.Empty;

    internal bool HasValue => _value is not null;

    /// <summary>The value, whatever the module's state: for the runtime, which mends what is torn.</summary>
    internal Parameter Held => _value ?? throw new ModelStateException(IsElsewhere ? $"{this} {Elsewhere}." : $"{this} has no value yet: call CreateParameters in the constructor.");

    /// <summary>Who holds the parameter instead, for messages.</summary>
    internal string Elsewhere => $"is held by pipeline stage {string.Join(" and ", Topology.Stages)}, and this is stage {Topology.PipelineRank} of {Topology.PipelineSize}";

    /// <summary>Whether a post-load method replaced what was loaded: then nothing is left of it.</summary>
    internal bool IsTransformed => !Makers.IsEmpty;

    /// <summary>The post-load methods that made the value out of what was loaded, in the order in which they ran.</summary>
    internal ImmutableArray<string> Makers { get; private set; } = [];

    /// <summary>How the value lay in memory when it was set. Whoever reads or writes it compares first.</summary>
    internal TensorForm? Form { get; private set; }

    /// <summary>Whether the value lies so still; so does one that there is not.</summary>
    internal bool IsWhereItWasPut => Form is not { } form || form.IsOf(Held);

    /// <summary>The handle of the value, for <see cref="TensorHeaders"/>; zero where there is none.</summary>
    internal nint Handle => _value is { IsInvalid: false } value && Form is { Sizes.Length: > 0 } ? value.Handle : 0;

    /// <summary>Whether an object is the value, whatever the module's state.</summary>
    internal bool IsValue(Parameter value) => Owner.IsValue(this, value);

    /// <summary>The layout of a value.</summary>
    /// <param name="isTransformed">Whether a post-load method has made it.</param>
    internal ParameterLayout LayoutOf(bool isTransformed) => isTransformed || (Entry.Kernel is not null && Owner.UsesKernelLayouts) ? ParameterLayout.Kernel : ParameterLayout.Model;

    /// <summary>Whether the value has memory that an engine's function made, or had once.</summary>
    internal bool HasOwnMemory { get; set; }

    /// <summary>Whether the instance would have the parameter on a rank.</summary>
    internal bool IsPresentOn(Topology topology) => Owner.Has(Entry.Index) && IsHeldOn(topology);

    /// <summary>Learns from the topology whether the parameter is held here.</summary>
    /// <param name="topology">The topology of the module.</param>
    internal void Locate(Topology topology) => IsElsewhere = !IsHeldOn(topology);

    private bool IsHeldOn(Topology topology) => (_stages is null ? topology : topology.OnStages(_stages)).IsHeld;

    /// <summary>
    /// Says which pipeline stages hold the parameter, where those are not the ones that hold its module: the embedding is on the first, and
    /// on the last, too, where the head is tied to it. To be called in the constructor, before CreateParameters.
    /// </summary>
    /// <param name="stages">The stages, as for <see cref="Topology.OnStages"/>.</param>
    /// <exception cref="ModelStateException">The parameters were made already.</exception>
    public void OnStages(params ReadOnlySpan<System.Index> stages)
    {
        if (Owner.Created > 0 || HasValue) throw new ModelStateException($"{this} was made already: say which stages hold it before CreateParameters.");
        _stages = stages.ToArray();
    }

    /// <summary>Whether it was said which stages hold the parameter, beside what holds its module.</summary>
    internal bool HasStages => _stages is not null;

    /// <param name="value">The value.</param>
    /// <param name="makers">What becomes of <see cref="Makers"/>.</param>
    internal void Set(Parameter value, ImmutableArray<string> makers) => Set(value, makers, TensorForm.Of(value));

    /// <param name="value">The value.</param>
    /// <param name="makers">What becomes of <see cref="Makers"/>.</param>
    /// <param name="form">How the value lies in memory.</param>
    internal void Set(Parameter value, ImmutableArray<string> makers, TensorForm form)
    {
        (_value, Form) = (value, form);
        Makers = makers;
        if (makers.IsEmpty) ModelType = form.Type;
    }

    /// <summary>Puts back what was there, with all that was known of it.</summary>
    internal void Set(Parameter value, ImmutableArray<string> makers, TensorForm form, torch.ScalarType modelType)
    {
        Set(value, makers, form);
        ModelType = modelType;
    }

    /// <summary>Keeps what new values were decoded from, and disposes what is not kept any more.</summary>
    /// <param name="came">What was decoded; it belongs to the parameter then.</param>
    /// <param name="stays">Whether what was decoded from a source before is still in the value.</param>
    internal void Keep(IReadOnlyDictionary<(CheckpointSource Source, string Name), KeptTensors> came, Predicate<CheckpointSource> stays)
    {
        var gone = Kept.Where(kept => came.ContainsKey(kept.Key) || !stays(kept.Key.Source)).ToList();
        Kept = Kept.RemoveRange(gone.Select(kept => kept.Key)).AddRange(came);
        foreach (var (_, kept) in gone) kept.Dispose();
    }

    /// <summary>Enters that the same value lies elsewhere now, in memory that it was given here.</summary>
    internal void MovedMemory()
    {
        Form = TensorForm.Of(_value!);
        Owner.Placements++;
    }

    internal void Moved(Parameter value, torch.ScalarType? type)
    {
        (_value, Form) = (value, TensorForm.Of(value));
        if (type is { } to && torch.is_floating_point(ModelType)) ModelType = to;
    }

    /// <summary>The parameter's registered name with its layout, for messages.</summary>
    public override string ToString() => $"{Owner.Map.Type}.{Entry.Property}";
}
