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
        List<string> pairs = [.. Pairs(index.Ascending)];
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

    /// <inheritdoc cref="Check(ModelIndex)"/>
    /// <summary>The same before values are moved: those that are not the live ones lie elsewhere afterwards.</summary>
    public static void CheckMade(ModelIndex index)
    {
        Check(index);
        index.ApartAt = -1;
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
                if (Shared(memory, form) is { } how) yield return $"{parameter.Name} and {theirs[i].Name} of another model, {bound}{how}";
            }
        }

        static nint Begin(ModelParameter parameter) => parameter.Bound.Form!.Address;

        static nint End(ModelParameter parameter) => parameter.Bound.Form!.End;
    }

    private static IEnumerable<string> Pairs(ImmutableArray<ModelParameter> ascending)
    {
        var open = new List<ModelParameter>();
        foreach (var parameter in ascending)
        {
            open.RemoveAll(other => other.Bound.Form!.End <= parameter.Bound.Form!.Address);
            foreach (var other in open)
            {
                if (Shared(other.Bound.Form!, parameter.Bound.Form!) is { } how) yield return $"{other.Name} and {parameter.Name}{how}";
            }
            open.Add(parameter);
        }
    }

    /// <summary>How two tensors whose spans overlap share memory, for messages; null where they do not, as columns of one matrix.</summary>
    private static string? Shared(TensorForm first, TensorForm second) => CommonElements.Any(first, second) switch
    {
        true => "",
        false => null,
        null => $" (perhaps: {first} and {second} reach into each other in more ways than were tried)",
    };
}
