using System.Collections;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lanyard.Layouts;
using Lanyard.Maps;
using Lanyard.Memory;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace Lanyard;

/// <summary>
/// The parameters of one module instance. Generated code derives from it; its setters ask it what to store, so that no
/// reassignment parts a parameter from its loader or leaves its layout unknown.
/// </summary>
public abstract class ParameterSet : IReadOnlyList<BoundParameter>
{
    private readonly BoundParameter[] _parameters;
    private bool? _kernelLayouts;
    private bool _askedForLayouts;
    private ImmutableArray<Axis> _axes;
    private Topology _topology = Topology.Single;
    private (int Layer, int Layers)? _layer;
    private bool _isConstructed;
    private PostLoadRun? _running;
    private Parameter? _restored;
    private ImmutableArray<bool> _there = [];

    /// <summary>Binds the map of a class to one of its instances.</summary>
    protected ParameterSet(ModuleMap map)
    {
        Map = map;
        _parameters = [.. map.Parameters.Select(entry => new BoundParameter(this, entry))];
    }

    /// <summary>What the class declares.</summary>
    public ModuleMap Map { get; }

    /// <summary>Which slices this instance holds.</summary>
    public Topology Topology
    {
        get
        {
            Settle();
            return _topology;
        }
    }

    /// <summary>What may be done with the module now.</summary>
    public ModelState State
    {
        get;

        // What ends later than the module has nothing to say any more.
        internal set => field = field == ModelState.Disposed ? field : value;
    }

    /// <summary>
    /// How often values of this module, of a module around it or of one below it changed: by a load or a refit, by other places of experts, by <c>to()</c>.
    /// Whatever was computed from an older generation, such as cached keys and values, is stale.
    /// </summary>
    public long Generation { get; internal set; }

    /// <summary>
    /// What the weights are called, as whoever brought them last said: <see cref="LoadOptions.Version"/>. Null where nobody said it, and where a part of the
    /// module was refitted by itself since.
    /// </summary>
    public string? Version { get; internal set; }

    /// <summary>What the module does together with the other ranks in a forward pass; null where nobody said it (<see cref="ParameterModuleExtensions.Join"/>).</summary>
    public ICollectives? Collectives { get; internal set; }

    /// <inheritdoc/>
    public int Count => _parameters.Length;

    /// <inheritdoc/>
    public BoundParameter this[int index] => _parameters[index];

    /// <summary>The axes with their sizes, and what this rank holds of each.</summary>
    /// <exception cref="ArgumentException">The topology does not divide an axis, or would leave elements on no rank; all such axes are named.</exception>
    public ImmutableArray<Axis> Axes
    {
        get
        {
            Settle();
            return HeldAxes;
        }
    }

    /// <summary>The axes; of a module that was told nothing yet, as one rank holds them.</summary>
    private ImmutableArray<Axis> HeldAxes => !_axes.IsDefault ? _axes : IsMade ? _axes = SharesIn(_topology) : SharesIn(_topology);

    /// <summary>Whether the parameters were made.</summary>
    internal bool IsMade => Created > 0;

    /// <summary>
    /// Whether post-load methods make what kernels want, derived parameters are there, and parameters are stored in the <c>Kernel</c> layouts that they declare:
    /// one answer for the whole tree, true unless <c>OnRank</c> or <see cref="PretrainedOptions"/> says otherwise. A class asks in <c>forward</c>, in its
    /// post-load methods and in what <c>When</c> names.
    /// </summary>
    public bool HasKernelLayouts
    {
        get
        {
            _askedForLayouts |= _kernelLayouts is null;
            return _kernelLayouts ?? true;
        }
    }

    /// <summary>The same for the runtime, which asks again when it has been said.</summary>
    internal bool UsesKernelLayouts => _kernelLayouts ?? true;

    /// <summary>What the module was told, and has since its parameters were made.</summary>
    internal (Topology? Topology, torch.ScalarType? Type, torch.Device? Device, bool? KernelLayouts) Said { get; private set; }

    /// <summary>What makes the memory of parameters; null for fresh tensors.</summary>
    internal ParameterAllocator? Allocator { get; private set; }

    /// <summary>The tree that the module was found in last.</summary>
    internal object? Tree { get; set; }

    /// <summary>Whether the parameters were made because somebody used them, not because somebody said where.</summary>
    internal bool WasAsked { get; private set; }

    /// <summary>Whether the author said that the values do not come from a load.</summary>
    internal bool IsInitialised { get; set; }

    /// <summary>Whether a plan was made to load the model.</summary>
    internal bool IsPlanned { get; set; }

    /// <summary>Who reads the module.</summary>
    internal ModelGate Gate { get; } = new();

    /// <summary>The modules around it.</summary>
    internal Neighbours Neighbours { get; } = new();

    /// <summary>The load, refit or export that owns the module now, if any.</summary>
    internal ModelSession? Session { get; set; }

    /// <summary>What the method that runs, or the last one that ran, has assigned; it may have assigned other values after that.</summary>
    internal List<Parameter> Assigned { get; } = [];

    /// <summary>How often a value was given that lies in other memory than those before.</summary>
    internal long Placements { get; set; }

    /// <summary>How often the parameters were made: what was read of the module before that is of other shapes.</summary>
    internal int Created { get; private set; }

    /// <summary>Why the module is torn.</summary>
    internal string? TornBecause { get; set; }

    /// <summary>The indices of each axis that were placed on this rank and have not come.</summary>
    internal ImmutableDictionary<string, ImmutableArray<long>> Missing { get; private set; } = ImmutableDictionary<string, ImmutableArray<long>>.Empty;

    /// <summary>The positions of the parameters that are as loads write them, since what post-load makes of them was undone and cannot be made before the rest has come.</summary>
    internal ImmutableArray<int> Unmade { get; private set; } = [];

    /// <summary>The tensors that bring what is missing, for messages.</summary>
    internal string? MissingTensors { get; set; }

    // In the order of what is asked at every read.
    private bool IsReadable => State == ModelState.Loaded || IsRunner;

    /// <summary>Whether the caller is the method that runs, or was started by it.</summary>
    private bool IsRunner => _running is { } running && ReferenceEquals(PostLoadRun.Current, running);

    /// <summary>What TorchSharp has registered of the instance, by name.</summary>
    protected internal virtual OrderedDict<string, Parameter>? Registered => null;

    /// <summary>What modules TorchSharp has registered in the instance, by name.</summary>
    protected internal virtual OrderedDict<string, torch.nn.Module>? RegisteredModules => null;

    /// <summary>Shows the children, under their checkpoint names.</summary>
    protected internal virtual void VisitChildren(ChildVisitor visitor)
    {
    }

    /// <summary>Asks for each child whether another takes its place; called by <see cref="ParameterModuleExtensions.Exchange"/>.</summary>
    protected internal virtual void ExchangeChildren(ChildExchange exchange)
    {
    }

    /// <summary>Registers the children that the properties hold now, in place of those that they held before.</summary>
    protected internal virtual void RegisterChildren()
    {
    }

    /// <summary>Assigns a property through its generated setter.</summary>
    protected internal virtual void Assign(int index, Parameter value) => throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The size of an axis, read from the annotated member.</summary>
    protected internal virtual long SizeOf(int axis) => throw new ArgumentOutOfRangeException(nameof(axis));

    /// <summary>Calls a post-load method.</summary>
    protected internal virtual void Run(int postLoad) => throw new ArgumentOutOfRangeException(nameof(postLoad));

    /// <summary>Calls the method that undoes a post-load method.</summary>
    protected internal virtual void Undo(int postLoad) => throw new NotSupportedException($"{Map.PostLoads[postLoad].Method} has no Undo.");

    /// <summary>Whether the instance has the parameter.</summary>
    protected internal virtual bool Has(int index) => true;

    /// <summary>Whether the instance leaves alone what a declared pattern matches.</summary>
    protected internal virtual bool Ignores(int ignore) => true;

    /// <summary>The numbers that stand in a declared pattern of what the instance leaves alone; null for none.</summary>
    protected internal virtual IReadOnlyList<int>? NumbersOf(int ignore) => null;

    /// <summary>Remembers the fields that post-load methods assign, and returns what puts them back; null where they assign none.</summary>
    protected internal virtual Action? Remember() => null;

    /// <summary>Called by generated getters: hands out the stored value where the module's state allows reading.</summary>
    /// <exception cref="ModelStateException">The module is torn or in the middle of an in-place refit, or the parameter has no value yet; or it has an adapter, which this would pass by.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Parameter Read(int index, Parameter? value)
    {
        if (_parameters[index] is { Adapter: not null } parameter && !IsRunner)
            throw new ModelStateException($"{parameter} has an adapter, and a product with the property would be without it: multiply by Parameters.{parameter.Entry.Property}.Linear(input). Parameters.{parameter.Entry.Property}.Value is the weight by itself.");
        return ReadBare(index, value);
    }

    /// <summary>The same, whether or not there is an adapter.</summary>
    internal Parameter ReadBare(int index, Parameter? value)
    {
        if (_running is { } running && IsRunner) return running.Values.Held(_parameters[index]);
        if (State != ModelState.Loaded) CheckEarly(_parameters[index]);
        return value ?? _parameters[index].Held;
    }

    /// <summary>Called by generated getters of optional parameters: null where the instance has none.</summary>
    /// <exception cref="ModelStateException">As <see cref="Read"/>.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Parameter? ReadOptional(int index, Parameter? value) => IsThere(index) ? Read(index, value) : null;

    /// <summary>Called by generated overrides of what hands out parameters by their registered names: throws where the module's state does not allow reading.</summary>
    /// <exception cref="ModelStateException">The module is torn or in the middle of an in-place refit.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void CheckReadable()
    {
        // What was put into a list or a property since the constructor registered the children is one of them, too.
        RegisterChildren();
        if (IsReadable) return;
        if (State != ModelState.Building) throw Unreadable.Because(this, Map.Type);
        ContextTree.Settle(this);
        foreach (var (_, set) in ContextTree.Sets(this))
        {
            if (set.State != ModelState.Building) continue;
            foreach (var parameter in set._parameters) set.CheckEarly(parameter);
        }
    }

    /// <summary>Called by the generated override that lists the parameters of one module: what nobody made yet is made.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void MakeForListing()
    {
        if (State == ModelState.Disposed) return;

        // Disposal lists them, too, and has nothing to say of axes: whatever else is asked of the module says it.
        if (_isConstructed && AxisShares.AreValid(Map, SizeOf, HasAsFar)) Settle();
    }

    /// <summary>
    /// Called by the generated <c>Dispose</c>, and to be called first by one that an author writes: ends what is under way with the module and with everything below it, and waits for
    /// writes and for readings of others. From then on whoever uses it is told that it was disposed.
    /// </summary>
    /// <returns>To be disposed when the memory is free: whoever disposes of the module meanwhile, too, waits for that.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public IDisposable EndUse() => ModelEnd.Of(this);

    /// <summary>Called by generated overrides of what writes parameters by their registered names: returns the refusal.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public NotSupportedException WritesByName(string method) => new(
        $"{Map.Type}.{method} would write by registered names into whatever layout the parameters are in, and run no post-load method. Load a checkpoint with LoadPlan.Create(model, checkpoint).Execute(), or bring tensors under their names in the checkpoint with model.BeginRefit().");

    /// <summary>Called by generated setters: binds a new value to its loader and layout, and returns what to store.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">A value for the model layout has not the model layout's shape or the declared type, or is not contiguous; or the value is a view that negates or conjugates.</exception>
    /// <exception cref="ModelStateException">The layout of the value would be unknown: the assignment is neither a constructor's nor a post-load method's.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Parameter Accept(int index, [NotNull] Parameter? value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var parameter = _parameters[index];
        if (!Has(index)) throw new ArgumentException($"{parameter} is absent in this instance: its condition does not hold.", nameof(value));
        if (parameter.IsElsewhere) throw new ArgumentException($"{parameter} {parameter.Elsewhere}: give it a value only where Parameters.Topology.IsHeld.", nameof(value));
        if (ReferenceEquals(value, _restored))
        {
            value.DetachFromDisposeScope();
            return value;
        }
        if (value.is_neg() || value.is_conj())
            throw new ArgumentException($"{parameter} was given a view that negates or conjugates what it reads: its memory holds other numbers than it shows, and loads write to memory. Make numbers of it with resolve_neg() or resolve_conj().", nameof(value));
        ParameterOwners.Claim(value, parameter);
        switch (_running)
        {
            case { } running when IsRunner && running.Entry.Writes.Contains(index):
                var before = running.Values.Of(parameter);
                var makers = running.IsUndo ? before.Makers.Remove(running.Entry.Method) : Made(before.Makers, running.Entry.Method);
                if (makers.IsEmpty) CheckShape(parameter, value);
                running.Values.Put(parameter, new PendingValue(value, TensorForm.Of(value), makers, before.ModelType));
                value.DetachFromDisposeScope();
                Assigned.Add(value);

                // What everybody else reads stays until the values are moved.
                return parameter.Held;
            case null when State == ModelState.Building && Session is null or { IsConversion: true } && PostLoadRun.Current?.Set != this:
                CheckModelLayout(parameter, value);

                // In which layout it is was asked of the tree, and could not be answered otherwise any more.
                _askedForLayouts |= _kernelLayouts is null && parameter.Entry.Kernel is not null;
                parameter.Set(value, []);
                parameter.IsForeign = true;
                Placements++;
                break;
            default:
                throw new ModelStateException(_running is null
                    ? $"{parameter} was assigned outside a constructor and outside a post-load method: nobody would know the layout of the new value. Assign it in a method with [PostLoad]."
                    : $"{parameter} was assigned while {_running.Entry.Method} ran, but not in its body, so the refit would not know of it. Assign it in the body of the method itself.");
        }
        value.DetachFromDisposeScope();
        return value;
    }

    /// <summary>Whether a tensor is what a parameter has, or has for the method that runs.</summary>
    internal bool IsValue(BoundParameter parameter, Parameter value) =>
        parameter.HasValue && (ReferenceEquals(parameter.Held, value) || (_running is { } running && ReferenceEquals(running.Values.Held(parameter), value)));

    /// <summary>
    /// Called by the generated <c>CreateParameters</c>: says what the tree has in common and makes every parameter of the module and of what is
    /// below it, in its model layout, for what the rank holds. The values are not initialised, added padding is zero. A module that says nothing
    /// has what the tree around it says.
    /// </summary>
    /// <exception cref="ModelStateException">The module is loaded, or being loaded; or a module below it was told something else. Nothing is changed.</exception>
    /// <exception cref="ArgumentException">The topology does not divide an axis, or would leave elements on no rank.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Create(Topology? topology, torch.ScalarType? type, torch.Device? device) => Create(topology, type, device, null, null);

    /// <summary>The same, with what <see cref="HasKernelLayouts"/> is in the whole tree, and with what makes its memory.</summary>
    internal void Create(Topology? topology, torch.ScalarType? type, torch.Device? device, bool? kernelLayouts, ParameterAllocator? allocator)
    {
        if (State != ModelState.Building || Session is not null) throw new ModelStateException($"{Map.Type} is loaded already: CreateParameters is called in the constructor, and OnRank once, before the first load. A loaded model is converted and moved by to(); for another rank make the model anew.");
        if (IsMade) throw new ModelStateException($"The parameters of {Map.Type} were made already{(WasAsked ? ", because they were used" : "")}: call CreateParameters in the constructor, or OnRank after it, once, before they are.");
        var before = (Said, Allocator);
        (Said, Allocator) = ((topology, type, device, kernelLayouts), allocator);
        _isConstructed |= !Map.ReadsInConstructor;
        try
        {
            // A module that was not told its rank may be told by the tree around it. That its axes are wrong is known before.
            if (topology is null) SharesIn(_topology);
            else ContextTree.Settle(this);
        }
        catch when (!IsMade)
        {
            // Whoever disposes the module would be refused again.
            (Said, Allocator) = before;
            throw;
        }
    }

    /// <summary>
    /// Called by the generated <c>RegisterComponents</c>, which a constructor calls last, and by conversions: registers the children. From now on
    /// nobody fills in values by reading them, and all axes are set.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void EndConstruction()
    {
        _isConstructed = true;
        RegisterChildren();
    }

    /// <summary>Says that the module is one of the layers of a model, which its pipeline stages share: with what is below it, it is on one of them. To be called before the parameters are made.</summary>
    /// <param name="layer">The number of the layer, from 0.</param>
    /// <param name="layers">How many there are.</param>
    /// <exception cref="ModelStateException">The parameters were made already.</exception>
    public void OfLayer(int layer, int layers)
    {
        if (IsMade) throw new ModelStateException($"The parameters of {Map.Type} were made already: say which layer it is before CreateParameters.");
        _layer = (layer, layers);
    }

    /// <summary>Called by generated code: where the module is from now on.</summary>
    protected internal virtual void OnDevice(torch.Device device)
    {
    }

    /// <summary>Makes the parameters of a module of which nobody said anything, as one rank holds them.</summary>
    internal void Settle()
    {
        if (IsMade) return;
        ContextTree.Settle(this);
        WasAsked = true;
    }

    /// <summary>Enters that the module stands where another stood: in its layer, with the operations of its ranks.</summary>
    internal void TakePlaceOf(ParameterSet? old, ParameterSet parent)
    {
        if (!IsMade) _layer ??= old?._layer;
        foreach (var (_, set) in ContextTree.Sets(this)) set.Collectives ??= parent.Collectives;
    }

    /// <summary>Whether it was said which layer of a model the module is.</summary>
    internal bool IsLayer => _layer is not null;

    /// <summary>The topology of the module in a tree.</summary>
    /// <param name="around">That of its parent.</param>
    internal Topology TopologyWithin(Topology around) =>
        IsMade ? _topology : _layer is var (layer, layers) ? around.OfLayer(layer, layers) : around;

    /// <summary>What a rank would hold of the axes.</summary>
    internal ImmutableArray<Axis> SharesIn(Topology topology) => AxisShares.Of(Map, SizeOf, HasAsFar, topology.IsHeld ? topology : Topology.Single);

    /// <summary>Says whether there are kernel layouts.</summary>
    /// <exception cref="ModelStateException">The module asked already, and was told that there are.</exception>
    internal void Tell(bool kernelLayouts)
    {
        if (!kernelLayouts && _askedForLayouts) throw new ModelStateException($"{Map.Type} asked for HasKernelLayouts, or gave a parameter with a Kernel layout its value, before the tree around it said that there are none: ask in forward, in post-load methods and in what When names, not in the constructor.");
        _kernelLayouts = kernelLayouts;
    }

    /// <summary>Says that nothing was said: what was told came to nothing.</summary>
    internal void Forget() => _kernelLayouts = null;

    /// <summary>Whether the instance has a parameter, as far as can be told now: that the condition asks for kernel layouts binds nobody.</summary>
    private bool HasAsFar(int index)
    {
        var asked = _askedForLayouts;
        var has = Has(index);
        _askedForLayouts = asked;
        return has;
    }

    /// <summary>Whether the instance has a parameter, as it had when they were made.</summary>
    /// <exception cref="ModelStateException">Its condition has changed since.</exception>
    internal bool IsThere(int index)
    {
        var isThere = Has(index);
        if (index < _there.Length && _there[index] != isThere)
            throw new ModelStateException($"{_parameters[index]} {(isThere ? "was absent when the parameters were made, and its condition holds now" : "was there when the parameters were made, and its condition does not hold now")}: what When names is set in the constructor and stays. Make the model anew.");
        return isThere;
    }

    /// <summary>Makes the parameters that no constructor made.</summary>
    internal void Settle(ModelContext context, ImmutableArray<Axis> axes, ParameterMemory memory)
    {
        var topology = context.Topology;
        (_topology, _axes) = (topology, axes);
        foreach (var parameter in _parameters) parameter.Locate(topology);
        if (Array.Find(_parameters, parameter => parameter.IsElsewhere && parameter.HasValue) is { } early) throw new ModelStateException($"{early} {early.Elsewhere}, but was given a value before CreateParameters: give it one afterwards, only where Parameters.Topology.IsHeld.");
        (Said, Allocator) = ((topology, context.Type, context.Device, context.KernelLayouts), context.Allocator);
        _there = [.. Enumerable.Range(0, _parameters.Length).Select(Has)];
        Created++;
        OnDevice(context.Device);
        foreach (var parameter in _parameters)
        {
            if (!parameter.IsPresent) continue;
            if (parameter.HasValue)
            {
                CheckShape(parameter, parameter.Held);
                continue;
            }
            var pattern = Pattern.Parse(parameter.Storage);
            var value = memory.Take(parameter, [.. Layout.ShapeOf(pattern, axes)], parameter.Entry.Type ?? context.Type, context.Device, Allocator, zero: Layout.HasPadding(pattern, axes));
            Assign(parameter.Entry.Index, new OwnedParameter(value, parameter));
            parameter.IsForeign = false;
        }
    }

    /// <summary>Enters where the rank's indices lie from now on.</summary>
    /// <param name="topology">The topology.</param>
    /// <param name="missing">The indices that have not come.</param>
    /// <param name="unmade">The parameters that wait for them, to be made by post-load.</param>
    internal void Place(Topology topology, ImmutableDictionary<string, ImmutableArray<long>> missing, ImmutableArray<int> unmade)
    {
        (_topology, _axes, Missing, Unmade) = (topology, default, missing, unmade);
        Created++;
    }

    /// <summary>Enters that everything has come.</summary>
    internal void Complete() => (Missing, Unmade, MissingTensors) = (Missing.Clear(), [], null);

    /// <summary>Puts a value that was made here, as loads write it, in the place of another.</summary>
    internal void Replace(BoundParameter parameter, Parameter value)
    {
        var old = parameter.Held;
        Restore(parameter, value);
        parameter.Set(value, []);
        Placements++;
        old.Dispose();
    }

    /// <summary>Called by the generated <c>_toEpilog</c>: replaces each value by a converted one, in the same layout. One whose type is declared keeps its type.</summary>
    /// <exception cref="ModelStateException">A load, a refit or an export is under way.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Move(torch.ScalarType? type, torch.Device? device, Func<Parameter, torch.ScalarType?, Parameter> convert)
    {
        Settle();
        CheckMovable();
        if (Allocator is null)
        {
            foreach (var parameter in _parameters)
            {
                if (parameter.HasValue && Converted(parameter) is { } value) Replace(parameter, value);
            }
        }
        else
        {
            // All of the module, or none: what a function makes may be refused.
            var made = new List<(BoundParameter Parameter, Parameter Value)>();
            try
            {
                foreach (var parameter in _parameters)
                {
                    if (!parameter.HasValue || Converted(parameter) is not { } value) continue;
                    try
                    {
                        made.Add((parameter, ParameterMemory.Copy(parameter, value)));
                    }
                    finally
                    {
                        if (made.Count == 0 || !ReferenceEquals(made[^1].Value, value)) value.Dispose();
                    }
                }
            }
            catch
            {
                foreach (var (_, value) in made) value.Dispose();
                throw;
            }
            foreach (var (parameter, value) in made) Replace(parameter, value);
        }
        Said = (Said.Topology, type ?? Said.Type, device ?? Said.Device, Said.KernelLayouts);

        // In no inference mode, since what is made there cannot be written to by a refit outside of it.
        Parameter? Converted(BoundParameter parameter)
        {
            using var anyMode = torch.inference_mode(false);
            using var noGrad = torch.no_grad();
            var value = convert(parameter.Held, Target(parameter));
            return ReferenceEquals(value, parameter.Held) ? null : value;
        }

        void Replace(BoundParameter parameter, Parameter value)
        {
            var old = parameter.Held;
            Restore(parameter, value);
            ParameterOwners.Claim(value, parameter);
            parameter.Moved(value, Target(parameter));
            Placements++;
            old.Dispose();
        }

        torch.ScalarType? Target(BoundParameter parameter) => parameter.Entry.Type is null ? type : null;
    }

    /// <inheritdoc/>
    public IEnumerator<BoundParameter> GetEnumerator() => ((IEnumerable<BoundParameter>)_parameters).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <exception cref="ObjectDisposedException">The module was disposed.</exception>
    internal void CheckNotDisposed() => _ = State == ModelState.Disposed ? throw new ObjectDisposedException(Map.Type) : 0;

    /// <exception cref="ModelStateException">A load, a refit or an export is under way, or a value lies elsewhere than it was put.</exception>
    internal void CheckMovable()
    {
        // What was given other memory behind its property would be right in the books after a conversion.
        foreach (var parameter in _parameters)
        {
            if (!parameter.IsWhereItWasPut) throw new ModelStateException($"{parameter} cannot be moved or converted: {parameter.Form} was given other memory behind the property, or was disposed. Make the model anew.");
        }
        if (Session is { IsConversion: false } session) throw new ModelStateException($"{Map.Type} cannot be moved or converted: it belongs to {session}.");
    }

    internal ImmutableArray<long> ShapeOf(BoundParameter parameter) => Layout.ShapeOf(Pattern.Parse(parameter.Storage), HeldAxes);

    /// <summary>The patterns of what the instance leaves alone by a declared one: none where a condition does not hold, several where it is numbered.</summary>
    internal IEnumerable<string> Leaves(int ignore)
    {
        var entry = Map.Ignores[ignore];
        if (entry.Conditional && !Ignores(ignore)) return [];
        return entry.Numbered ? (NumbersOf(ignore) ?? []).Distinct().Select(number => entry.Pattern.Replace("{}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)) : [entry.Pattern];
    }

    internal bool HasPadding(BoundParameter parameter) => Layout.HasPadding(Pattern.Parse(parameter.Storage), HeldAxes);

    /// <summary>Puts a value into the property without a change of what is known of it.</summary>
    internal void Restore(BoundParameter parameter, Parameter value)
    {
        // By the object: another thread may assign meanwhile.
        _restored = value;
        try
        {
            Assign(parameter.Entry.Index, value);
        }
        finally
        {
            _restored = null;
        }
    }

    /// <summary>Makes a value that post-load has made the value of a parameter, in the place of the one that is there.</summary>
    internal void Adopt(BoundParameter parameter, PendingValue value)
    {
        var old = parameter.Held;
        Restore(parameter, value.Value);
        parameter.Set(value.Value, value.Makers, value.Form, value.ModelType);
        Placements++;
        old.Dispose();
    }

    /// <summary>Runs a post-load method over values; those that it assigns are bound there as kernel layout.</summary>
    internal void RunPostLoad(int index, PendingValues values) => While(new PostLoadRun(this, Map.PostLoads[index], isUndo: false, values), index, Run);

    /// <summary>Runs the method that undoes a post-load method over values; those that it assigns are bound there as what was there before that one: the model layout, or what an earlier method made.</summary>
    internal void UndoPostLoad(int index, PendingValues values) => While(new PostLoadRun(this, Map.PostLoads[index], isUndo: true, values), index, Undo);

    private void While(PostLoadRun running, int index, Action<int> method)
    {
        Assigned.Clear();
        var before = PostLoadRun.Current;
        (_running, PostLoadRun.Current) = (running, running);
        try
        {
            method(index);
        }
        finally
        {
            (_running, PostLoadRun.Current) = (null, before);
        }
    }

    /// <summary>A method that runs again begins anew: what came after it is gone.</summary>
    private static ImmutableArray<string> Made(ImmutableArray<string> makers, string method) =>
        makers.IndexOf(method) is >= 0 and var at ? makers[..(at + 1)] : makers.Add(method);

    private static void CheckModelLayout(BoundParameter parameter, Parameter value)
    {
        CheckShape(parameter, value);
        if (parameter.Entry.Type is { } type && value.dtype != type)
            throw new ArgumentException($"{parameter} is declared with Type = ScalarType.{type}, but was given {value.dtype}.", nameof(value));
        if (!value.is_contiguous())
            throw new ArgumentException($"{parameter} must be contiguous in its model layout.", nameof(value));
    }

    private static void CheckShape(BoundParameter parameter, Parameter value)
    {
        var shape = parameter.Owner.ShapeOf(parameter);
        if (!value.shape.AsSpan().SequenceEqual(shape.AsSpan()))
            throw new ArgumentException($"{parameter} is declared as \"{parameter.Storage}\", here [{string.Join(", ", shape)}], but was given [{string.Join(", ", value.shape)}].", nameof(value));
    }

    private void CheckEarly(BoundParameter parameter)
    {
        if (State != ModelState.Building) throw Unreadable.Because(this, parameter.ToString());
        Settle();
        if (!parameter.IsPresent || parameter.IsForeign || (Map.ReadsInConstructor && !_isConstructed) || parameter.Held.device_type == DeviceType.META) return;
        if (!IsInitialised || parameter.Entry.Sources.IsEmpty) throw Unreadable.NeverLoaded(parameter);
    }
}
