using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Maps;
using Lanyard.Memory;
using Lanyard.Parts;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard.Live;

/// <summary>
/// A change of what a rank holds of one module: what stays on the rank goes to its new place, within the live storage where that has the
/// same shape, and one parameter at a time into storage of another.
/// </summary>
internal sealed class ModulePlacement
{
    private readonly ModelModule _module;
    private readonly ImmutableArray<Axis> _before;
    private readonly ImmutableArray<Axis> _after;
    private readonly Topology _topology;
    private readonly bool _isLoaded;
    private readonly ImmutableDictionary<string, ImmutableArray<long>> _missing;

    // Methods that make something else of other experts, and what they read and write: as loads write it, so that they can run.
    private readonly List<int> _methods = [];
    private readonly HashSet<int> _remade;

    /// <exception cref="ArgumentException">The topology does not place the experts that there are.</exception>
    public ModulePlacement(ModelModule module, Topology topology)
    {
        (_module, _topology, _before) = (module, topology, module.Set.Axes);
        _after = AxisShares.Of(module.Set.Map, module.Set.SizeOf, module.Set.Has, topology);
        _isLoaded = module.Set.State is ModelState.Loaded or ModelState.Incomplete;
        _missing = _isLoaded ? Missing() : ImmutableDictionary<string, ImmutableArray<long>>.Empty;
        _remade = [.. module.Set.Unmade, .. module.Set.Where(bound => bound.HasValue && Moves(bound).IsPlaced).Select(bound => bound.Entry.Index)];
        while (_isLoaded)
        {
            _methods.Clear();
            for (var i = 0; i < module.Set.Map.PostLoads.Length; i++)
            {
                var entry = module.Set.Map.PostLoads[i];
                if (module.Runs(i) && (entry.Reads.Any(_remade.Contains) || entry.Writes.Any(_remade.Contains))) _methods.Add(i);
            }
            var known = _remade.Count;
            _remade.UnionWith(_methods.SelectMany(method => module.Set.Map.PostLoads[method].Writes));
            if (_remade.Count == known) break;
        }
    }

    /// <summary>The loaded parameters that post-load has replaced, and that it makes anew.</summary>
    private List<ModelParameter> Replaced =>
        [.. _module.Parameters.Where(parameter => parameter.Formats.Count > 0 && parameter.Bound.IsTransformed && _remade.Contains(parameter.Bound.Entry.Index))];

    /// <summary>Whether an expert comes to the rank that is not on it.</summary>
    private bool IsIncomplete => !_missing.IsEmpty;

    /// <summary>Whether anything of the module is no longer as it was.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Why parameters cannot be placed anew, by name. Nothing is changed.</summary>
    public IEnumerable<string> Faults()
    {
        var replaced = Replaced;
        var faults = replaced.Select(parameter => (parameter.Name, Why: UndonePostLoad.NoWayBack(parameter))).Where(fault => fault.Why is not null).Select(fault => $"{fault.Name}: {fault.Why}").ToList();
        if (faults.Count > 0 || replaced.Count == 0) return faults;
        using var undone = new UndonePostLoad(_module, replaced);
        return [.. undone.Faults().Select(fault => $"{_module.Prefix}{fault.Key.Entry.Name}: {fault.Value}")];
    }

    /// <summary>Places the module.</summary>
    /// <remarks>After an exception some of it is placed, and some not: <see cref="Scrap"/> must follow.</remarks>
    public void Run()
    {
        var (set, undone) = (_module.Set, Undone());
        try
        {
            Place();
            foreach (var bound in set.Where(bound => bound.HasValue && !undone.ContainsKey(bound) && !bound.IsTransformed)) Move(bound);
            if (IsIncomplete)
            {
                foreach (var (bound, value) in undone) set.Replace(bound, value);
                undone.Clear();
                foreach (var bound in set.Where(bound => bound.HasValue && bound.IsTransformed && _remade.Contains(bound.Entry.Index))) set.Replace(bound, Fresh(bound));
            }
            else if (_isLoaded && _methods.Count > 0)
            {
                Make(undone);
            }
        }
        finally
        {
            foreach (var value in undone.Values) value.Dispose();
        }
        set.State = !_isLoaded ? set.State : IsIncomplete ? ModelState.Incomplete : ModelState.Loaded;
    }

    /// <summary>Gives every parameter storage as it must be for the placement, whatever is in it then: so that a refit can make the model whole.</summary>
    public void Scrap()
    {
        Place();
        foreach (var bound in _module.Set.Where(bound => bound.HasValue))
        {
            var transformed = bound.IsTransformed && _remade.Contains(bound.Entry.Index);
            if (bound.Held.IsInvalid || transformed || (!bound.IsTransformed && !bound.Held.shape.AsSpan().SequenceEqual(bound.ModelShape.AsSpan()))) _module.Set.Replace(bound, Fresh(bound));
        }
    }

    private void Place()
    {
        HasBegun = true;
        _module.Set.Place(_topology, _missing, IsIncomplete ? [.. _remade.Order()] : []);
    }

    private ImmutableDictionary<string, ImmutableArray<long>> Missing()
    {
        var missing = ImmutableDictionary.CreateBuilder<string, ImmutableArray<long>>();
        foreach (var (before, after) in _before.Zip(_after))
        {
            var lacked = _module.Set.Missing.GetValueOrDefault(before.Name, []);
            if (lacked.IsEmpty && before.Held.Equals(after.Held)) continue;
            var held = Indices(before).Except(lacked).ToHashSet();
            ImmutableArray<long> indices = [.. Indices(after).Where(index => !held.Contains(index)).Distinct().Order()];
            if (!indices.IsEmpty) missing.Add(before.Name, indices);
        }

        // Along other axes the rank may have none of their elements.
        var all = missing.ToImmutable();
        return _module.Parameters.Exists(parameter => parameter.Formats.Exists(format => !MissingPlaces.Of(parameter, format, _after, all).IsEmpty)) ? all : all.Clear();
    }

    private PlaceMoves Moves(BoundParameter bound) => PlaceMoves.Of(Pattern.Parse(bound.Storage), _before, _after);

    /// <summary>What post-load has replaced, as it was loaded, in its new places.</summary>
    private Dictionary<BoundParameter, Parameter> Undone()
    {
        var values = new Dictionary<BoundParameter, Parameter>();
        var replaced = Replaced;
        if (replaced.Count == 0) return values;
        try
        {
            using var undone = new UndonePostLoad(_module, replaced);
            foreach (var parameter in replaced)
            {
                values.Add(parameter.Bound, Moved(parameter.Bound, undone.Value(parameter), Moves(parameter.Bound)));
                undone.Drop(parameter);
            }
        }
        catch
        {
            foreach (var value in values.Values) value.Dispose();
            throw;
        }
        return values;
    }

    private void Move(BoundParameter bound)
    {
        var moves = Moves(bound);
        if (!moves.IsInPlace)
        {
            _module.Set.Replace(bound, Moved(bound, bound.Held, moves));
            return;
        }
        foreach (var row in moves.Rows)
        {
            if (row.InOrder() is not { IsEmpty: false } places) continue;

            // Never more than the elements of one place.
            ImmutableArray<long> sizes = [.. row.Loops.Select(loop => loop.Size)], strides = Shapes.Strides(sizes);
            using var scratch = FreshTensor.Of([.. sizes], bound.Held.dtype, bound.Held.device, zero: false);
            ImmutableArray<SlotLoop> aside = [.. row.Loops.Select((loop, i) => loop with { TensorStride = strides[i] })], back = [.. row.Loops.Select((loop, i) => loop with { ParameterStride = strides[i] })];
            foreach (var (from, to) in places)
            {
                if (to == PlaceMove.Scratch) SlotCopy.Read(bound.Held, scratch, LayoutSlot.Of(0, from, 0, aside));
                else if (from == PlaceMove.Scratch) SlotCopy.Read(scratch, bound.Held, LayoutSlot.Of(0, 0, to, back));
                else SlotCopy.Read(bound.Held, bound.Held, LayoutSlot.Of(0, from, to, row.Loops));
            }
        }
        FillAbsent(bound, bound.Held, moves);
    }

    /// <summary>A value in its new places, in memory of its own.</summary>
    private Parameter Moved(BoundParameter bound, torch.Tensor value, PlaceMoves moves)
    {
        var moved = Fresh(bound, moves.Shape);
        foreach (var row in moves.Rows)
        {
            foreach (var (from, to) in row.Known) SlotCopy.Read(value, moved, LayoutSlot.Of(0, from, to, row.Loops));
        }
        FillAbsent(bound, moved, moves);
        return moved;
    }

    /// <summary>What no tensor brought is on all ranks what it is declared to be, and need not come.</summary>
    private static void FillAbsent(BoundParameter bound, torch.Tensor value, PlaceMoves moves)
    {
        if (!bound.IsAbsent) return;
        foreach (var slot in moves.Rows.SelectMany(row => row.New)) ConstantValue.Write(value, new ConstantSlot(bound.Entry.Absent!.Value, slot));
    }

    private Parameter Fresh(BoundParameter bound) => Fresh(bound, bound.ModelShape);

    private Parameter Fresh(BoundParameter bound, ImmutableArray<long> shape)
    {
        using var noGrad = torch.no_grad();
        var device = bound.Held.IsInvalid ? torch.CPU : bound.Held.device;
        var fresh = FreshTensor.Of([.. shape], bound.ModelType, device, zero: Layout.HasPadding(Pattern.Parse(bound.Storage), _after));
        return new OwnedParameter(fresh.DetachFromDisposeScope(), bound) { requires_grad = !bound.Held.IsInvalid && bound.Held.requires_grad };
    }

    /// <summary>Runs the methods, and moves what they make into the live storage where it fits.</summary>
    private void Make(Dictionary<BoundParameter, Parameter> undone)
    {
        var change = new ModuleChange(_module, whole: true, placed: true);
        try
        {
            foreach (var (bound, value) in undone) change.Bring(bound, value, TensorForm.Of(value));
            undone.Clear();
            foreach (var method in _methods) change.Run(method);
            change.CheckLayout();
            using var moves = new ValueMoves();
            change.Finish(_ => true, moves);
            moves.Run();
        }
        catch
        {
            change.Undo();
            throw;
        }
    }

    private static IEnumerable<long> Indices(Axis axis) => axis.Held.Runs(axis.Size).SelectMany(run => run.Indices());
}
