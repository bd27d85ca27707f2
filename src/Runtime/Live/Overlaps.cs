using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Memory;

namespace Lanyard.Live;

/// <summary>Finds parameters that share memory: each would be loaded into it, the later over the earlier, and both would count as loaded.</summary>
internal static class Overlaps
{
    private static readonly Lock Gate = new();
    private static readonly List<WeakReference<ParameterSet>> Seen = [];

    /// <summary>Compares the parameters of a model with each other and with those of other models that are alive.</summary>
    /// <exception cref="ModelStateException">Lists every pair.</exception>
    public static void Check(ModelIndex index)
    {
        var stamp = Stamp(index);
        if (index.ApartAt == stamp) return;
        index.Ascending = Sorted(index);
        List<string> pairs = [.. Pairs(index.Ascending).Select(pair => $"{pair.First.Name} and {pair.Second.Name}")];
        foreach (var other in Others(index))
        {
            if (other.ApartAt != Stamp(other)) other.Ascending = Sorted(other);
            pairs.AddRange(Pairs(index, other));
        }
        if (pairs.Count > 0)
        {
            throw new ModelStateException(
                $"Parameters share memory: {string.Join("; ", pairs)}. A load would write both into it, the later over the earlier. To tie two weights, keep one parameter, let forward use it in both places, and declare the other name with [CheckpointAlias] on the root; for values of their own, clone().");
        }
        index.ApartAt = stamp;
    }

    private static long Stamp(ModelIndex index) => index.Modules.Sum(module => module.Set.Placements);

    private static ImmutableArray<ModelParameter> Sorted(ModelIndex index) =>
        [.. index.Parameters.Where(parameter => parameter.Bound.Form is { Address: not 0 }).OrderBy(parameter => parameter.Bound.Form!.Address)];

    /// <summary>The newest indexes of other roots. A root may have been read again since, and its old index be gone.</summary>
    private static List<ModelIndex> Others(ModelIndex index)
    {
        lock (Gate)
        {
            Seen.RemoveAll(seen => !seen.TryGetTarget(out var other) || ReferenceEquals(other, index.Root));
            var others = Seen.Select(seen => seen.TryGetTarget(out var root) ? ModelIndex.Known(root) : null).OfType<ModelIndex>().ToList();
            Seen.Add(new WeakReference<ParameterSet>(index.Root));
            return others;
        }
    }

    private static IEnumerable<string> Pairs(ModelIndex index, ModelIndex other)
    {
        var (first, theirs) = (0, other.Ascending);
        foreach (var parameter in index.Ascending)
        {
            var form = parameter.Bound.Form!;
            while (first < theirs.Length && End(theirs[first]) <= form.Address) first++;
            for (var i = first; i < theirs.Length && Begin(theirs[i]) < form.End; i++)
            {
                // The tree of a part of a model has the same parameters. What is disposed has left its memory to others.
                var (bound, memory) = (theirs[i].Bound, theirs[i].Bound.Form!);
                if (ReferenceEquals(bound, parameter.Bound) || memory.End <= form.Address || !memory.IsOf(bound.Held)) continue;
                if (!(memory.Address < form.Address ? AreApart(memory, form) : AreApart(form, memory))) yield return $"{parameter.Name} and {theirs[i].Name} of another model, {bound}";
            }
        }

        static nint Begin(ModelParameter parameter) => parameter.Bound.Form!.Address;

        static nint End(ModelParameter parameter) => parameter.Bound.Form!.End;
    }

    private static IEnumerable<(ModelParameter First, ModelParameter Second)> Pairs(ImmutableArray<ModelParameter> ascending)
    {
        var open = new List<ModelParameter>();
        foreach (var parameter in ascending)
        {
            open.RemoveAll(other => other.Bound.Form!.End <= parameter.Bound.Form!.Address);
            foreach (var other in open.Where(other => !AreApart(other.Bound.Form!, parameter.Bound.Form!))) yield return (other, parameter);
            open.Add(parameter);
        }
    }

    /// <summary>Whether two tensors whose spans overlap have no element in common: columns of one matrix, say.</summary>
    /// <param name="first">The one that begins first.</param>
    /// <param name="second">The other.</param>
    private static bool AreApart(TensorForm first, TensorForm second)
    {
        // By the widest stride of both: what lies between two steps of it must be apart, wherever the steps begin.
        var (a, b) = (Widest(first), Widest(second));
        if (a < 0 || b < 0 || first.ElementSize != second.ElementSize || first.Strides[a] != second.Strides[b]) return false;
        var (distance, stride) = (second.Address - first.Address, first.Strides[a] * first.ElementSize);
        var (inner, other, between) = (Span(first, a), Span(second, b), distance % stride);
        return between >= inner && between + other <= stride;
    }

    private static int Widest(TensorForm form)
    {
        var widest = -1;
        for (var d = 0; d < form.Sizes.Length; d++)
        {
            if (form.Sizes[d] > 1 && (widest < 0 || form.Strides[d] > form.Strides[widest])) widest = d;
        }
        return widest;
    }

    /// <summary>The bytes from the first element to the end of the last, without the steps of one dimension.</summary>
    private static long Span(TensorForm form, int without)
    {
        var last = 0L;
        for (var d = 0; d < form.Sizes.Length; d++)
        {
            if (d != without) last += (form.Sizes[d] - 1) * form.Strides[d];
        }
        return (last + 1) * form.ElementSize;
    }
}
