using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Layouts;

namespace Lanyard.Books;

/// <summary>Tensors that came and of which no parameter reads some elements: a part that an author forgot is seen by nobody else.</summary>
/// <param name="index">The model.</param>
/// <param name="names">The names that came.</param>
/// <param name="came">Whether a tensor came that is stored somewhere.</param>
/// <param name="formatOf">The format that a parameter came in.</param>
internal sealed class PartReads(ModelIndex index, ArrivedNames names, Predicate<ModelTensor> came, Func<ModelParameter, ParameterFormat?> formatOf)
{
    /// <summary>Each of them, with one of its parameters, and what is not read of it.</summary>
    public IEnumerable<(string Name, ModelParameter Parameter, string Unread)> All()
    {
        foreach (var tensor in index.ReadInPart.Where(tensor => came(tensor)).OrderBy(tensor => tensor.Position))
        {
            // What a module beside this tree may read is declared as shared.
            var uses = tensor.Uses.FindAll(use => formatOf(use.Parameter) == use.Format);
            if (uses.Count == 0 || uses.Exists(use => use.Source.Shared)) continue;
            var unread = Elsewhere(tensor).Concat(uses.Skip(1)).Aggregate(uses[0].Rest, (rest, use) => Both(rest, use, uses[0].Shape));
            if (unread.IsEmpty) continue;
            var elements = uses[0].Shape.Aggregate(1L, (count, size) => count * size);
            yield return (names.NameOf(tensor), uses[0].Parameter, $"{string.Join(" and ", unread.Select(rest => rest.Elements).Distinct())}, {unread.Sum(rest => rest.Box.Count)} of {elements} elements");
        }
    }

    private static ImmutableArray<(string Elements, IndexBox Box)> Both(ImmutableArray<(string Elements, IndexBox Box)> rest, TensorUse other, ImmutableArray<long> shape) =>
        other.Shape.AsSpan().SequenceEqual(shape.AsSpan())
            ? [.. rest.SelectMany(left => other.Rest.Select(right => (left.Elements, Box: left.Box.Intersect(right.Box)))).Where(both => both.Box.Count > 0)]
            : [];

    /// <summary>What other pipeline stages read of a tensor.</summary>
    private IEnumerable<TensorUse> Elsewhere(ModelTensor tensor) => index.Elsewhere.SelectMany(parameter => parameter.Formats).SelectMany(format => format.Uses).Where(use => use.Tensor == tensor);
}
