using System.Collections;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
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
    // The post-load method that runs here: in the thread that calls it and in those that it starts, and in no other. What it leaves
    // behind, as a task or a timer, still has it when the method has ended.
    private static readonly AsyncLocal<Running?> Runner = new();

    private readonly BoundParameter[] _parameters;
    private ImmutableArray<Axis> _axes;
    private Running? _running;
    private Parameter? _restored;

    /// <summary>Binds the map of a class to one of its instances.</summary>
    protected ParameterSet(ModuleMap map)
    {
        Map = map;
        _parameters = [.. map.Parameters.Select(entry => new BoundParameter(this, entry))];
    }

    /// <summary>What the class declares.</summary>
    public ModuleMap Map { get; }

    /// <summary>Which slices this instance holds.</summary>
    public Topology Topology { get; private set; } = Topology.Single;

    /// <summary>What may be done with the module now.</summary>
    public ModelState State { get; internal set; }

    /// <summary>
    /// How often a load or a refit of this module, or of a module around it, was committed. Whatever was computed from an older
    /// generation, such as cached keys and values, is stale.
    /// </summary>
    public long Generation { get; internal set; }

    /// <inheritdoc/>
    public int Count => _parameters.Length;

    /// <inheritdoc/>
    public BoundParameter this[int index] => _parameters[index];

    /// <summary>The axes with their sizes, and what this rank holds of each.</summary>
    /// <exception cref="ArgumentException">The topology does not divide an axis, or would leave elements on no rank; all such axes are named.</exception>
    public ImmutableArray<Axis> Axes => _axes.IsDefault ? _axes = AxisShares.Of(Map, SizeOf, Has, Topology.IsHeld ? Topology : Topology.Single) : _axes;

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
    private bool IsReadable => State < ModelState.Refitting || IsRunner;

    /// <summary>Whether the caller is the method that runs, or was started by it.</summary>
    private bool IsRunner => _running is { } running && ReferenceEquals(Runner.Value, running);

    /// <summary>What TorchSharp has registered of the instance, by name.</summary>
    protected internal virtual OrderedDict<string, Parameter>? Registered => null;

    /// <summary>What modules TorchSharp has registered in the instance, by name.</summary>
    protected internal virtual OrderedDict<string, torch.nn.Module>? RegisteredModules => null;

    /// <summary>Shows the children, under their checkpoint names.</summary>
    protected internal virtual void VisitChildren(ChildVisitor visitor)
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

    /// <summary>Remembers the fields that post-load methods assign, and returns what puts them back; null where they assign none.</summary>
    protected internal virtual Action? Remember() => null;

    /// <summary>Called by generated getters: hands out the stored value where the module's state allows reading.</summary>
    /// <exception cref="ModelStateException">The module is torn or in the middle of an in-place refit, or the parameter has no value yet.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Parameter Read(int index, Parameter? value)
    {
        if (!IsReadable) throw Unreadable(_parameters[index].ToString());
        return value ?? _parameters[index].Held;
    }

    /// <summary>Called by generated getters of optional parameters: null where the instance has none.</summary>
    /// <exception cref="ModelStateException">As <see cref="Read"/>.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Parameter? ReadOptional(int index, Parameter? value) => Has(index) ? Read(index, value) : null;

    /// <summary>Called by generated overrides of what hands out parameters by their registered names: throws where the module's state does not allow reading.</summary>
    /// <exception cref="ModelStateException">The module is torn or in the middle of an in-place refit.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void CheckReadable()
    {
        if (!IsReadable) throw Unreadable(Map.Type);
    }

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
        Placements++;
        switch (_running)
        {
            case { IsUndo: false } running when IsRunner && running.Entry.Writes.Contains(index):
                parameter.Set(value, Made(parameter.Makers, running.Entry.Method));
                break;
            case { IsUndo: true } running when IsRunner && running.Entry.Writes.Contains(index):
                var makers = parameter.Makers.Remove(running.Entry.Method);
                if (makers.IsEmpty) CheckShape(parameter, value);
                parameter.Set(value, makers, TensorForm.Of(value), parameter.ModelType);
                break;
            case null when State == ModelState.Building && Session is null && Runner.Value?.Set != this:
                CheckModelLayout(parameter, value);
                parameter.Set(value, []);
                parameter.IsForeign = true;
                break;
            default:
                throw new ModelStateException(_running is null
                    ? $"{parameter} was assigned outside a constructor and outside a post-load method: nobody would know the layout of the new value. Assign it in a method with [PostLoad]."
                    : $"{parameter} was assigned while {_running.Entry.Method} ran, but not in its body, so the refit would not know of it. Assign it in the body of the method itself.");
        }
        value.DetachFromDisposeScope();
        if (_running is not null) Assigned.Add(value);
        return value;
    }

    /// <summary>Called by the generated <c>CreateParameters</c>: makes every parameter in its model layout, for what the rank holds. The values are not initialised, added padding is zero.</summary>
    /// <exception cref="ModelStateException">The module is loaded, or being loaded: nothing is changed.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Create(Topology topology, torch.ScalarType type, torch.Device device)
    {
        if (State != ModelState.Building || Session is not null) throw new ModelStateException($"{Map.Type} is loaded already: CreateParameters is called in the constructor.");
        (Topology, _axes) = (topology, default);
        Created++;
        foreach (var parameter in _parameters) parameter.Locate();
        if (Array.Find(_parameters, parameter => parameter.IsElsewhere && parameter.HasValue) is { } early) throw new ModelStateException($"{early} {early.Elsewhere}, but was given a value before CreateParameters: give it one afterwards, only where Parameters.Topology.IsHeld.");
        foreach (var parameter in _parameters)
        {
            if (!parameter.IsPresent) continue;
            var pattern = Pattern.Parse(parameter.Entry.Storage);
            var shape = Layout.ShapeOf(pattern, Axes).ToArray();
            var declared = parameter.Entry.Type ?? type;
            var value = FreshTensor.Of(shape, declared, device, zero: Layout.HasPadding(pattern, Axes));
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
        (Topology, _axes, Missing, Unmade) = (topology, default, missing, unmade);
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
    public void Move(torch.ScalarType? type, Func<Parameter, torch.ScalarType?, Parameter> convert)
    {
        CheckMovable();
        foreach (var parameter in _parameters)
        {
            if (!parameter.HasValue) continue;
            var (old, to) = (parameter.Held, parameter.Entry.Type is null ? type : null);
            var value = Converted(old, to);
            if (ReferenceEquals(value, old)) continue;
            Restore(parameter, value);
            ParameterOwners.Claim(value, parameter);
            parameter.Moved(value, to);
            Placements++;
            old.Dispose();
        }

        // In no inference mode, since what is made there cannot be written to by a refit outside of it.
        Parameter Converted(Parameter old, torch.ScalarType? to)
        {
            using var anyMode = torch.inference_mode(false);
            using var noGrad = torch.no_grad();
            return convert(old, to);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<BoundParameter> GetEnumerator() => ((IEnumerable<BoundParameter>)_parameters).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <exception cref="ModelStateException">A load, a refit or an export is under way, or a value lies elsewhere than it was put.</exception>
    internal void CheckMovable()
    {
        // What was given other memory behind its property would be right in the books after a conversion.
        foreach (var parameter in _parameters)
        {
            if (!parameter.IsWhereItWasPut) throw new ModelStateException($"{parameter} cannot be moved or converted: {parameter.Form} was given other memory behind the property, or was disposed. Make the model anew.");
        }
        if (Session is { } session) throw new ModelStateException($"{Map.Type} cannot be moved or converted: it belongs to {session}.");
    }

    internal ImmutableArray<long> ShapeOf(ParameterEntry entry) => Layout.ShapeOf(Pattern.Parse(entry.Storage), Axes);

    /// <summary>The names of registered parameters that the map does not have.</summary>
    internal IEnumerable<string> Unmapped()
    {
        // Asked at every session: where all that is registered is known, by going along both, in the order in which they were registered.
        if (Registered is not { } registered) return [];
        var next = 0;
        foreach (var (name, _) in registered)
        {
            while (next < _parameters.Length && _parameters[next].Entry.Name != name) next++;
            if (next++ < _parameters.Length) continue;
            return registered.Keys.Except(Map.Parameters.Select(entry => entry.Name));
        }
        return [];
    }

    /// <summary>The registered modules that are no children by the map.</summary>
    internal IEnumerable<(string Name, torch.nn.Module Module)> UnmappedModules()
    {
        // As above. Items of a list have names that no map lists.
        if (RegisteredModules is not { Count: > 0 } registered) return [];
        var next = 0;
        foreach (var (name, _) in registered)
        {
            while (next < Map.Children.Length && Map.Children[next] != name) next++;
            if (next++ < Map.Children.Length) continue;
            return registered.Keys.Where(name => !Map.IsChild(name)).Select(name => (name, registered[name]));
        }
        return [];
    }

    /// <summary>Whether the instance leaves alone what a declared pattern matches.</summary>
    internal bool Leaves(int ignore) => !Map.Ignores[ignore].Conditional || Ignores(ignore);

    internal bool HasPadding(ParameterEntry entry) => Layout.HasPadding(Pattern.Parse(entry.Storage), Axes);

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

    /// <summary>Runs a post-load method; the values that it assigns are bound as kernel layout.</summary>
    internal void RunPostLoad(int index) => While(new Running(this, Map.PostLoads[index], isUndo: false), index, Run);

    /// <summary>Runs the method that undoes a post-load method; the values that it assigns are bound as what was there before that one: the model layout, or what an earlier method made.</summary>
    internal void UndoPostLoad(int index) => While(new Running(this, Map.PostLoads[index], isUndo: true), index, Undo);

    private void While(Running running, int index, Action<int> method)
    {
        Assigned.Clear();
        var before = Runner.Value;
        (_running, Runner.Value) = (running, running);
        try
        {
            method(index);
        }
        finally
        {
            (_running, Runner.Value) = (null, before);
        }
    }

    /// <summary>Why a model is incomplete, for messages.</summary>
    /// <param name="tensors">What it lacks.</param>
    internal static string Incomplete(string? tensors) => $"experts were placed here that this rank did not hold, and has not been given yet: {tensors} must come. Bring it with a refit; one of a subset will do.";

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
        var shape = parameter.ModelShape;
        if (!value.shape.AsSpan().SequenceEqual(shape.AsSpan()))
            throw new ArgumentException($"{parameter} is declared as \"{parameter.Entry.Storage}\", here [{string.Join(", ", shape)}], but was given [{string.Join(", ", value.shape)}].", nameof(value));
    }

    private ModelStateException Unreadable(string what) => new(State switch
    {
        ModelState.Torn => $"{what} cannot be read: the model is torn. {TornBecause} Run a complete refit; until then the model is neither old nor new and refuses to run.",
        ModelState.Incomplete => $"{what} cannot be read: {Incomplete(MissingTensors)}",
        _ => $"{what} cannot be read: an in-place refit is under way.",
    });

    /// <summary>One run of a post-load method, or of its undo. It is compared by reference: two runs of a method are not the same.</summary>
    private sealed class Running(ParameterSet set, PostLoadEntry entry, bool isUndo)
    {
        public ParameterSet Set => set;

        public PostLoadEntry Entry => entry;

        public bool IsUndo => isUndo;
    }
}
