using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Parts;

namespace Lanyard.Books;

/// <summary>Chunks of tensors of which nothing can be written before they are whole: codes that are decoded with others, and what stands beside them.</summary>
internal static class ArrivedChunks
{
    /// <summary>Whether a tensor is decoded with others, or as a whole, or stands beside such a one, so that its chunks are put together first.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="arrival">A chunk of it.</param>
    /// <param name="narrow">Whether elements may be rounded.</param>
    public static bool AreAssembled(ModelTensor tensor, Arrival arrival, bool narrow) => tensor.Serves.Count > 0 || tensor.Uses.Exists(use => IsAssembled(use, arrival, narrow));

    /// <summary>Enters a chunk. Returns what is wrong with it, or null.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="arrival">The chunk.</param>
    /// <param name="parted">What came of the tensor.</param>
    /// <param name="options">Whether elements may be rounded, and the format that the caller has named.</param>
    /// <param name="name">The name, without a prefix.</param>
    /// <param name="isNew">Whether it is to be kept: not where it is wrong, or came under another name of a tied tensor.</param>
    public static LoadProblem? Enter(ModelTensor tensor, Arrival arrival, PartedTensor parted, LoadOptions options, string name, out bool isNew)
    {
        isNew = false;
        var parameter = tensor.Uses.Concat(tensor.Serves).First().Parameter.Name;
        var shapes = parted.Left(Shapes(tensor, arrival, options));
        if (shapes.IsEmpty)
        {
            var expected = tensor.Serves.Count > 0 ? ArrivedCompanions.Expected(tensor.Serves, tensor) : string.Join(" or ", tensor.Uses.Select(use => Memory.Shapes.Text(use.Stored)).Distinct());
            return new LoadProblem(LoadProblemKind.WrongShape, arrival.Name, parameter, $"a part of {expected}", arrival.Found);
        }
        if (arrival.Type.Blocks is not null) return new LoadProblem(LoadProblemKind.WrongType, arrival.Name, parameter, ArrivedCompanions.Types(tensor), $"{arrival.Type}");
        if (parted.IsAssembled == false || (parted.IsAssembled == true && parted.Type != arrival.Type)) return new LoadProblem(LoadProblemKind.WrongType, arrival.Name, parameter, "the type of the chunks before", $"{arrival.Type}");
        isNew = parted.Enter(arrival, name, shapes, [.. tensor.Uses, .. tensor.Serves], out var twice);
        return twice is null ? null : new LoadProblem(LoadProblemKind.Duplicate, arrival.Name, parameter, Found: $"{twice} again");
    }

    /// <summary>The shapes that a tensor may have and that hold a chunk of it.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="arrival">A chunk of it.</param>
    /// <param name="options">Whether elements may be rounded, and the format that the caller has named.</param>
    private static ImmutableArray<ImmutableArray<long>> Shapes(ModelTensor tensor, Arrival arrival, LoadOptions options)
    {
        List<ImmutableArray<long>> all = [.. Codes(tensor, arrival, options).Concat(Companions(tensor, arrival.Shape.Length, options.Format))];

        // Of a table only the files know the size. Of others what they have may be a part: nobody knows which files there were.
        if (all.Count == 0 && !arrival.Whole.IsDefault && tensor.Serves.Exists(use => use.TakesCompanion(tensor, arrival.Whole))) all.Add(arrival.Whole);
        return [.. all.Where(shape => shape.Length == arrival.Shape.Length && TensorPart.Whole(shape).Within(arrival.Start, arrival.Shape) is not null).DistinctBy(shape => string.Join(' ', shape))];
    }

    private static IEnumerable<ImmutableArray<long>> Codes(ModelTensor tensor, Arrival arrival, LoadOptions options)
    {
        foreach (var use in Named(tensor.Uses, options.Format).Where(use => IsAssembled(use, arrival, options.AllowNarrowing)))
        {
            yield return use.Stored;

            // Flattened ones have further axes of one element, behind them or before.
            var ones = Enumerable.Repeat(1L, Math.Max(0, arrival.Shape.Length - use.Stored.Length)).ToArray();
            if (ones.Length == 0) continue;
            foreach (ImmutableArray<long> shape in new ImmutableArray<long>[] { [.. use.Stored, .. ones], [.. ones, .. use.Stored] })
            {
                if (use.HasShape(shape)) yield return shape;
            }
        }
    }

    /// <summary>Companions may be stored without some of their axes of one element.</summary>
    private static IEnumerable<ImmutableArray<long>> Companions(ModelTensor tensor, int axes, string? format) =>
        from use in Named(tensor.Serves, format)
        from shape in use.ShapesOf(tensor)
        from fewer in Without(shape, shape.Length - axes)
        where use.TakesCompanion(tensor, fewer)
        select fewer;

    private static IEnumerable<ImmutableArray<long>> Without(ImmutableArray<long> shape, int ones) =>
        ones < 0 ? [] : ones == 0 ? [shape] : Enumerable.Range(0, shape.Length).Where(d => shape[d] == 1).SelectMany(d => Without(shape[(d + 1)..], ones - 1).Select(rest => shape[..d].AddRange(rest)));

    /// <summary>Those of the format that the caller has named, where any is.</summary>
    private static IEnumerable<TensorUse> Named(List<TensorUse> uses, string? format) => format is not null && uses.Exists(use => use.Format.Name == format) ? uses.Where(use => use.Format.Name == format) : uses;

    private static bool IsAssembled(TensorUse use, Arrival arrival, bool narrow) =>
        !use.Encoding.HasParts && use.Encoding.Takes(arrival.Type, use.Parameter.Bound.ModelType, use.Narrow || narrow);
}
