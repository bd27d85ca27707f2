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
    private readonly Dictionary<BoundParameter, torch.Tensor> _reserved = [];

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

    /// <summary>Makes what new memory is needed, where an engine's function makes it and may be refused. Nothing is changed.</summary>
    /// <exception cref="ModelStateException">What the function made cannot be used.</exception>
    public void Reserve()
    {
        if (_module.Set.Allocator is null) return;
        foreach (var bound in _module.Set.Where(bound => bound.HasValue && (bound.IsTransformed ? IsIncomplete && _remade.Contains(bound.Entry.Index) : !Moves(bound).IsInPlace)))
        {
            var pattern = Pattern.Parse(bound.Storage);
            _reserved.Add(bound, ParameterMemory.Of(bound, [.. Layout.ShapeOf(pattern, _after)], bound.ModelType, bound.Held.device, Layout.HasPadding(pattern, _after)).DetachFromDisposeScope());
        }
    }

    /// <summary>Drops the memory that was not used.</summary>
    public void Release()
    {
        foreach (var memory in _reserved.Values) memory.Dispose();
        _reserved.Clear();
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

    /// <summary>
    /// Gives every parameter storage as it must be for the placement, whatever is in it then: so that a refit can make the model whole. Where an engine's
    /// function makes none, which may be what has failed, it is fresh.
    /// </summary>
    public void Scrap()
    {
        Place();
        foreach (var bound in _module.Set.Where(bound => bound.HasValue))
        {
            var transformed = bound.IsTransformed && _remade.Contains(bound.Entry.Index);
            if (bound.Held.IsInvalid || transformed || (!bound.IsTransformed && !bound.Held.shape.AsSpan().SequenceEqual(bound.ModelShape.AsSpan()))) _module.Set.Replace(bound, AnyFresh(bound));
        }
    }

    private Parameter AnyFresh(BoundParameter bound)
    {
        try
        {
            return Fresh(bound);
        }
        catch (ModelStateException)
        {
            return Fresh(bound, bound.ModelShape, stays: false);
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
                values.Add(parameter.Bound, Moved(parameter.Bound, undone.Value(parameter), Moves(parameter.Bound), stays: IsIncomplete));
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
            _module.Set.Replace(bound, Moved(bound, bound.Held, moves, stays: true));
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
    /// <param name="bound">The parameter.</param>
    /// <param name="value">The value.</param>
    /// <param name="moves">What moves.</param>
    /// <param name="stays">Whether it stays as it is, and is not only what post-load makes the value of.</param>
    private Parameter Moved(BoundParameter bound, torch.Tensor value, PlaceMoves moves, bool stays)
    {
        var moved = Fresh(bound, moves.Shape, stays);
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

    private Parameter Fresh(BoundParameter bound) => Fresh(bound, bound.ModelShape, stays: true);

    private Parameter Fresh(BoundParameter bound, ImmutableArray<long> shape, bool stays)
    {
        using var noGrad = torch.no_grad();
        var device = bound.Held.IsInvalid ? torch.CPU : bound.Held.device;
        var zero = Layout.HasPadding(Pattern.Parse(bound.Storage), _after);
        var fresh = stays && _reserved.Remove(bound, out var reserved) ? reserved : stays ? ParameterMemory.Of(bound, [.. shape], bound.ModelType, device, zero) : FreshTensor.Of([.. shape], bound.ModelType, device, zero);
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
