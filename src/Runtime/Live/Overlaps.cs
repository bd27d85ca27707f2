using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Maps;
using Lanyard.Memory;

namespace Lanyard.Live;

/// <summary>Finds parameters that share memory: each would be loaded into it, the later over the earlier, and both would count as loaded.</summary>
internal static class Overlaps
{
    /// <summary>Compares the parameters of a model with each other and with those of other models that are alive.</summary>
    /// <exception cref="ModelStateException">Lists every pair.</exception>
    public static void Check(ModelIndex index)
    {
        var stamp = Stamp(index);
        if (index.ApartAt == stamp) return;
        index.Ascending = Sorted(index);
        var own = Values(index);
        Refuse([.. Pairs(own), .. Others(index).SelectMany(other => Pairs(own, Current(other)))]);
        index.ApartAt = stamp;
    }

    /// <summary>Compares new values before they become live ones, with each other and with other models.</summary>
    /// <inheritdoc cref="Check(ModelIndex)" path="/exception"/>
    public static void CheckMade(ModelIndex index, Func<ModelParameter, PendingValue> made)
    {
        ImmutableArray<PlacedValue> values = [.. index.Parameters.Select(parameter => new PlacedValue(parameter, made(parameter).Form)).Where(value => value.Form.Address != 0).OrderBy(value => value.Form.Address)];
        Refuse([.. Pairs(values), .. Others(index).SelectMany(other => Pairs(values, Current(other)))]);
    }

    private static void Refuse(List<string> pairs)
    {
        if (pairs.Count > 0)
        {
            throw new ModelStateException(
                $"Parameters share memory: {string.Join("; ", pairs)}. A load would write both into it, the later over the earlier. To tie two weights, keep one parameter, let forward use it in both places, and declare the other name with [CheckpointAlias] on the root; for values of their own, clone().");
        }
    }

    private static long Stamp(ModelIndex index) => index.Modules.Sum(module => module.Set.Placements);

    private static ImmutableArray<ModelParameter> Sorted(ModelIndex index) =>
        [.. index.Parameters.Where(parameter => parameter.Bound.Form is { Address: not 0 }).OrderBy(parameter => parameter.Bound.Form!.Address)];

    /// <summary>The newest indexes of other roots. A root may have been read again since, and its old index be gone.</summary>
    private static IEnumerable<ModelIndex> Others(ModelIndex index) => LiveModels.Enter(index.Root).Select(ModelIndex.Known).OfType<ModelIndex>();

    private static ImmutableArray<PlacedValue> Values(ModelIndex index) => [.. index.Ascending.Select(parameter => new PlacedValue(parameter, parameter.Bound.Form!))];

    private static ImmutableArray<PlacedValue> Current(ModelIndex other)
    {
        if (other.ApartAt != Stamp(other)) other.Ascending = Sorted(other);
        return Values(other);
    }

    private static IEnumerable<string> Pairs(ImmutableArray<PlacedValue> own, ImmutableArray<PlacedValue> theirs)
    {
        var first = 0;
        foreach (var (parameter, form) in own)
        {
            while (first < theirs.Length && theirs[first].Form.End <= form.Address) first++;
            for (var i = first; i < theirs.Length && theirs[i].Form.Address < form.End; i++)
            {
                // The tree of a part of a model has the same parameters. What is disposed has left its memory to others.
                var (bound, memory) = (theirs[i].Parameter.Bound, theirs[i].Form);
                if (ReferenceEquals(bound, parameter.Bound) || memory.End <= form.Address || !memory.IsOf(bound.Held)) continue;
                if (Shared(memory, form) is { } how) yield return $"{parameter.Name} and {theirs[i].Parameter.Name} of another model, {bound}{how}";
            }
        }
    }

    private static IEnumerable<string> Pairs(ImmutableArray<PlacedValue> ascending)
    {
        var open = new List<PlacedValue>();
        foreach (var value in ascending)
        {
            open.RemoveAll(other => other.Form.End <= value.Form.Address);
            foreach (var other in open)
            {
                if (Shared(other.Form, value.Form) is { } how) yield return $"{other.Parameter.Name} and {value.Parameter.Name}{how}";
            }
            open.Add(value);
        }
    }

    /// <summary>How two tensors whose spans overlap share memory, for messages; null where they do not, as columns of one matrix.</summary>
    private static string? Shared(TensorForm first, TensorForm second) => CommonElements.Any(first, second) switch
    {
        true => "",
        false => null,
        null => $" (perhaps: {first} and {second} reach into each other in more ways than were tried)",
    };

    private readonly record struct PlacedValue(ModelParameter Parameter, TensorForm Form);
}
