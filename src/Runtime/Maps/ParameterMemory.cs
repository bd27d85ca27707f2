using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lanyard.Layouts;
using Lanyard.Memory;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard.Maps;

/// <summary>The memory of parameters: the engine's, where it said how it is made (<see cref="ParameterAllocator"/>), else a fresh tensor each.</summary>
internal sealed class ParameterMemory : IDisposable
{
    // By the function, which knows what it has given: those that have memory of it, wherever their trees are.
    private static readonly ConditionalWeakTable<ParameterAllocator, List<WeakReference<BoundParameter>>> Given = [];

    private readonly Dictionary<BoundParameter, torch.Tensor> _made = [];

    private ParameterMemory()
    {
    }

    /// <summary>Makes the memory of all parameters that some modules are to have, before the first module has any.</summary>
    /// <param name="sets">The modules, with what they are told.</param>
    /// <exception cref="ModelStateException">What an engine's function made cannot be used: all such parameters are named, and nothing is changed.</exception>
    public static ParameterMemory Of(IEnumerable<(ParameterSet Set, ModelContext Context, ImmutableArray<Axis> Axes)> sets)
    {
        var memory = new ParameterMemory();
        var faults = new List<string>();
        try
        {
            foreach (var (set, context, axes) in sets)
            {
                if (context is not { Allocator: { } allocate, Device.type: not DeviceType.META }) continue;
                foreach (var bound in set.Where(bound => !bound.HasValue && bound.IsPresentOn(context.Topology)))
                {
                    long[] shape = [.. Layout.ShapeOf(Pattern.Parse(bound.Storage), axes)];
                    if (Empty(shape)) continue;
                    if (Ask(bound, allocate, shape, bound.Entry.Type ?? context.Type, context.Device, out var fault) is { } made) memory._made.Add(bound, made);
                    else faults.Add(fault!);
                }
            }
            faults.AddRange(Overlaps([.. memory._made.Select(made => (made.Key, TensorForm.Of(made.Value)))]));
            foreach (var allocator in sets.Select(set => set.Context.Allocator).OfType<ParameterAllocator>().Distinct())
                faults.AddRange(memory._made.Select(made => Overlap(made.Key, TensorForm.Of(made.Value), allocator)).OfType<string>());
            if (faults.Count > 0) throw Refused(faults);
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Takes the memory of a parameter; a fresh tensor where no function made it.</summary>
    public torch.Tensor Take(BoundParameter bound, long[] shape, torch.ScalarType type, torch.Device device, ParameterAllocator? allocate, bool zero)
    {
        if (!_made.Remove(bound, out var made)) return FreshTensor.Of(shape, type, device, zero);
        Remember(bound, allocate!);
        if (zero) made.zero_().Dispose();
        return made;
    }

    /// <summary>Makes memory for a new value of one parameter.</summary>
    /// <exception cref="ModelStateException">What the engine's function made cannot be used.</exception>
    public static torch.Tensor Of(BoundParameter bound, long[] shape, torch.ScalarType type, torch.Device device, bool zero)
    {
        if (bound.Owner.Allocator is not { } allocate || device.type == DeviceType.META || Empty(shape)) return FreshTensor.Of(shape, type, device, zero);
        var made = Ask(bound, allocate, shape, type, device, out var fault) ?? throw Refused([fault!]);
        if (Overlap(bound, TensorForm.Of(made), allocate) is { } shared)
        {
            made.Dispose();
            throw Refused([shared]);
        }
        Remember(bound, allocate);
        if (zero) made.zero_().Dispose();
        return made;
    }

    /// <summary>
    /// A copy of a new value of a parameter in memory of the engine's function; the value itself where there is none. Strides stay where the elements lie
    /// densely in memory; else they are those of rows.
    /// </summary>
    /// <param name="bound">The parameter.</param>
    /// <param name="value">The value, which is the caller's to dispose.</param>
    /// <exception cref="ModelStateException">What the engine's function made cannot be used.</exception>
    public static Parameter Copy(BoundParameter bound, Parameter value)
    {
        var form = TensorForm.Of(value);
        if (bound.Owner.Allocator is null || form.IsMeta || form.Elements == 0) return value;
        using var noGrad = torch.no_grad();
        var order = Order(form);
        var memory = Of(bound, [.. order.Select(d => value.shape[d])], value.dtype, value.device, zero: false);
        if (!order.AsSpan().SequenceEqual(Enumerable.Range(0, order.Length).ToArray()))
        {
            using var rows = memory;
            var back = new long[order.Length];
            for (var d = 0; d < order.Length; d++) back[order[d]] = d;
            using var view = rows.permute(back);
            memory = Own(view);
        }
        memory.copy_(value);
        return new OwnedParameter(memory.DetachFromDisposeScope(), bound) { requires_grad = value.requires_grad, IsPlaced = true };
    }

    public void Dispose()
    {
        foreach (var made in _made.Values) made.Dispose();
        _made.Clear();
    }

    /// <summary>The axes by descending stride, where elements then lie densely; else as they are.</summary>
    private static int[] Order(TensorForm form)
    {
        int[] asRows = [.. Enumerable.Range(0, form.Sizes.Length)];
        if (form.IsContiguous) return asRows;
        var (sizes, strides) = (form.Sizes.ToArray(), form.Strides.ToArray());
        int[] order = [.. asRows.OrderByDescending(d => strides[d])];
        for (var (i, stride) = (order.Length - 1, 1L); i >= 0; stride *= sizes[order[i--]])
        {
            if (sizes[order[i]] != 1 && strides[order[i]] != stride) return asRows;
        }
        return order;
    }

    private static bool Empty(long[] shape) => shape.Contains(0);

    /// <summary>Asks the function. Null where it made nothing that can be used.</summary>
    private static torch.Tensor? Ask(BoundParameter bound, ParameterAllocator allocate, long[] shape, torch.ScalarType type, torch.Device device, out string? fault)
    {
        using var anyMode = torch.inference_mode(false);
        using var noGrad = torch.no_grad();
        var asked = $"{bound}, {type} {Shapes.Text(shape)} on {device}";
        torch.Tensor given;
        try
        {
            given = allocate([.. shape], type, device);
        }
        catch (Exception e)
        {
            fault = $"{asked}: it threw {e.GetType().Name}, {e.Message}";
            return null;
        }
        fault = Fault(given, shape, type, device) is { } wrong ? $"{asked}: it made {wrong}" : null;
        if (fault is not null) return null;
        using (given) return Own(given);
    }

    /// <summary>A tensor of its own over the memory of another: no view of it for automatic differentiation, whatever mode the other was made in.</summary>
    private static torch.Tensor Own(torch.Tensor memory)
    {
        using var noGrad = torch.no_grad();
        var own = torch.empty(0, memory.dtype, memory.device);
        own.set_(memory);
        return own.DetachFromDisposeScope();
    }

    private static string? Fault(torch.Tensor? given, long[] shape, torch.ScalarType type, torch.Device device)
    {
        if (given is null) return "null";
        if (given.IsInvalid) return "a tensor that was disposed";
        if (given.is_sparse) return "a sparse tensor";
        if (!given.shape.AsSpan().SequenceEqual(shape) || given.dtype != type || given.device_type != device.type || (device.index >= 0 && given.device_index >= 0 && given.device_index != device.index)) return $"{given.dtype} {Shapes.Text(given.shape)} on {given.device}";
        if (!given.is_contiguous()) return $"a tensor with strides {Shapes.Text(TensorForm.Of(given).Strides)}, which is not contiguous";
        if (given.is_neg() || given.is_conj()) return "a view that negates or conjugates what it reads";
        return given.requires_grad ? "a tensor that requires gradients, which would not see what is written to it" : null;
    }

    private static IEnumerable<string> Overlaps((BoundParameter Bound, TensorForm Form)[] made)
    {
        Array.Sort(made, static (left, right) => left.Form.Address.CompareTo(right.Form.Address));
        for (var i = 0; i < made.Length; i++)
        {
            if (made[i].Form.Address == 0) continue;
            for (var j = i + 1; j < made.Length && made[j].Form.Address < made[i].Form.End; j++) yield return $"{made[i].Bound} and {made[j].Bound}: it gave both the same memory";
        }
    }

    /// <summary>Whether memory is that of a living parameter which has its memory of the same function.</summary>
    private static string? Overlap(BoundParameter bound, TensorForm form, ParameterAllocator allocate)
    {
        if (form.Address == 0 || !Given.TryGetValue(allocate, out var given)) return null;
        lock (given)
        {
            foreach (var known in given)
            {
                if (!known.TryGetTarget(out var other) || ReferenceEquals(other, bound) || other.Form is not { Address: not 0 } theirs || theirs.Address >= form.End || form.Address >= theirs.End) continue;
                if (other.IsWhereItWasPut && CommonElements.Any(theirs, form) != false) return $"{bound}: it gave the memory that {other} has";
            }
            return null;
        }
    }

    private static void Remember(BoundParameter bound, ParameterAllocator allocate)
    {
        var given = Given.GetOrCreateValue(allocate);
        lock (given)
        {
            // A parameter that had memory before is there already.
            if (bound.HasOwnMemory) return;
            bound.HasOwnMemory = true;
            if (given.Count > 64 && (given.Count & (given.Count - 1)) == 0) given.RemoveAll(static known => !known.TryGetTarget(out _));
            given.Add(new WeakReference<BoundParameter>(bound));
        }
    }

    private static ModelStateException Refused(List<string> faults) =>
        new($"The memory of parameters cannot be what the given function makes. Nothing was changed.\n  {string.Join("\n  ", faults)}");
}
