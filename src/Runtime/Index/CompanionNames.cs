using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Index;

/// <summary>Spells the names of the tensors beside those of a source.</summary>
internal static class CompanionNames
{
    /// <summary>The name of a companion below the module's own, with holes.</summary>
    /// <exception cref="FormatException">The source's name does not end as the encoding says.</exception>
    public static string Of(CheckpointSource source, ValueEncoding encoding, CompanionEncoding companion)
    {
        if (companion.Name == "scale" && source.Scale is { } scale) return scale;
        return Ending(source, encoding, companion.Tensor);
    }

    /// <inheritdoc cref="Of"/>
    /// <summary>The name of a tensor that ends otherwise than that of the codes.</summary>
    public static string Ending(CheckpointSource source, ValueEncoding encoding, string ending) =>
        source.Name.EndsWith(encoding.Codes, StringComparison.Ordinal)
            ? source.Name[..^encoding.Codes.Length] + ending
            : throw new FormatException($"the name does not end with \"{encoding.Codes}\", as that of codes of {encoding.Name} does.");

    /// <summary>The companion of each tensor of a source, in their order. One that has fewer holes serves several.</summary>
    /// <param name="name">The name of the source's tensors.</param>
    /// <param name="companion">The name of the companions.</param>
    /// <param name="axes">The axes.</param>
    /// <exception cref="FormatException">The companion has other holes, or in another order.</exception>
    public static ImmutableArray<string> Spelled(NamePattern name, NamePattern companion, AxisTable axes)
    {
        var (spelled, kept, next) = (TensorNames.Of(companion, axes).ToImmutableArray(), new List<bool>(), 0);
        foreach (var hole in name.Holes)
        {
            var isKept = next < companion.Holes.Length && companion.Holes[next].ToString() == hole.ToString();
            if (isKept) next++;
            kept.Add(isKept);
        }
        if (next < companion.Holes.Length) throw new FormatException($"{companion.Text} must have the holes of {name.Text}, in the same order, or fewer of them.");
        if (kept.TrueForAll(isKept => isKept)) return spelled;
        var sizes = name.Holes.Select(hole => Extents.Of(hole.Composition, axes.Full)).ToArray();
        var names = ImmutableArray.CreateBuilder<string>();
        for (var i = 0L; i < sizes.Aggregate(1L, (count, size) => count * size); i++)
        {
            var (at, left, stride) = (0L, i, 1L);
            for (var hole = sizes.Length - 1; hole >= 0; left /= sizes[hole--])
            {
                if (!kept[hole]) continue;
                at += left % sizes[hole] * stride;
                stride *= sizes[hole];
            }
            names.Add(spelled[(int)at]);
        }
        return names.ToImmutable();
    }
}
