using System.Collections.Immutable;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Memory;

namespace Lanyard.Books;

/// <summary>The books of what stands beside codes: what came, what belongs to it, and what of both lacks.</summary>
/// <param name="index">The model.</param>
/// <param name="names">The names that came.</param>
/// <param name="taken">Whether a tensor was taken in a format.</param>
internal sealed class ArrivedCompanions(ModelIndex index, ArrivedNames names, Func<ParameterFormat, ModelTensor, bool> taken)
{
    private readonly List<TensorUse> _encoded = [];
    private readonly Dictionary<ModelTensor, Arrival> _companions = [];

    /// <summary>Enters codes that were taken.</summary>
    public void Add(TensorUse use) => _encoded.Add(use);

    /// <summary>Enters a companion; false where it was entered before.</summary>
    public bool TryAdd(ModelTensor companion, Arrival arrival) => _companions.TryAdd(companion, arrival);

    /// <summary>How a companion came, or null.</summary>
    public Arrival? Find(ModelTensor companion) => _companions.GetValueOrDefault(companion);

    /// <summary>Whether a tensor is a companion that may stay away, and none of its kind came for any tensor of the source.</summary>
    public bool MayLack(ParameterFormat format, ModelTensor tensor) => format.Optional.Exists(companions => companions.Contains(tensor) && !companions.Any(names.Came));

    /// <summary>Companions of which some of their kind came with the codes before and that, in a subset, do not come with new ones: nobody says that they are gone.</summary>
    public IEnumerable<LoadProblem> Forgotten(ModelParameter parameter, Predicate<ParameterFormat> touches) =>
        from format in parameter.Formats
        where format.Optional.Count > 0 && touches(format)
        let known = format.Optional.FindAll(companions => companions.Any(companion => parameter.Bound.Beside.Contains(companion.Name)))
        from use in _encoded
        where use.Format == format
        from companion in use.Companions
        where !names.Came(companion) && known.Exists(companions => companions.Contains(companion))
        select new LoadProblem(LoadProblemKind.Missing, names.Full(companion), parameter.Name, "what came with the codes before, in a refit of a subset");

    /// <summary>The companions that may stay away and came with codes of a parameter, of those that were there before what is still beside its codes.</summary>
    public ImmutableHashSet<string> Beside(ModelParameter parameter)
    {
        var (gone, came) = (new List<string>(), new List<string>());
        foreach (var companion in _encoded.Where(use => use.Parameter == parameter).SelectMany(use => use.Companions)) (names.Came(companion) ? came : gone).Add(companion.Name);
        return parameter.Bound.Beside.Except(gone).Union(came);
    }

    /// <summary>Quantised tensors without their companions, and the other way round: nothing can be written of them, so they are wrong in a subset, too.</summary>
    public IEnumerable<LoadProblem> Halves()
    {
        foreach (var use in _encoded)
        {
            foreach (var companion in use.Beside)
            {
                if (!_companions.TryGetValue(companion, out var arrival))
                {
                    if (!names.Came(companion) && !MayLack(use.Format, companion)) yield return new LoadProblem(LoadProblemKind.Missing, names.Full(companion), use.Parameter.Name);
                }
                else if (!use.TakesCompanion(companion, arrival.Shape))
                {
                    yield return new LoadProblem(LoadProblemKind.WrongShape, names.Full(companion), use.Parameter.Name, Expected([use], companion), Shapes.Text(arrival.Shape));
                }
                else if (!use.TakesCompanion(companion, arrival.Type))
                {
                    yield return new LoadProblem(LoadProblemKind.WrongType, names.Full(companion), use.Parameter.Name, Types(companion), $"{arrival.Type}");
                }
            }
        }
        var used = _encoded.SelectMany(use => use.Companions).ToHashSet();
        foreach (var (companion, uses) in _companions.Keys.Where(companion => !used.Contains(companion)).SelectMany(companion => companion.Serves.Where(use => !use.Slots.IsEmpty).GroupBy(use => use.Parameter, (_, uses) => (companion, uses.ToList()))))
        {
            var (first, came) = (uses[0], uses.Find(use => names.Came(use.Tensor)));
            if (came is null) yield return new LoadProblem(LoadProblemKind.Missing, names.Full(first.Tensor), first.Parameter.Name);
            else if (first.Parameter.Formats.Exists(format => taken(format, came.Tensor) && !index.IsUnread(companion, format)))
                yield return new LoadProblem(LoadProblemKind.MixedFormats, $"{names.Full(companion)} and {names.Full(came.Tensor)}", first.Parameter.Name, "one format of the parameter");
        }
    }

    /// <summary>Whether a companion of one format of a parameter says nothing in another.</summary>
    public bool IsUnread(ModelParameter parameter, ModelTensor companion) => parameter.Formats.Count > 1 && parameter.Formats.Exists(format => index.IsUnread(companion, format));

    /// <summary>Whether what came is what a use takes beside its codes.</summary>
    public static bool Takes(TensorUse use, ModelTensor tensor, Arrival arrival) => use.TakesCompanion(tensor, arrival.Shape) && use.TakesCompanion(tensor, arrival.Type);

    /// <summary>What a tensor is to those that it stands beside, for messages.</summary>
    public static string Name(ModelTensor tensor) =>
        string.Join(" or ", Roles(tensor).Select(companion => companion.Name).Distinct());

    /// <summary>The types that a companion may have, for messages.</summary>
    public static string Types(ModelTensor tensor) =>
        string.Join(" or ", Roles(tensor).Select(companion => $"{companion.Name} as {StoredCodes.ExpectedOfCompanion(companion.Layout)}").Distinct());

    /// <summary>The shapes that a companion may have, for messages.</summary>
    public static string Expected(IEnumerable<TensorUse> uses, ModelTensor companion) =>
        string.Join(" or ", uses.SelectMany(use => use.ShapesOf(companion)).Select(Shapes.Text).Distinct()) is { Length: > 0 } shapes ? shapes : "a vector";

    private static IEnumerable<CompanionEncoding> Roles(ModelTensor tensor) => tensor.Serves.SelectMany(use => use.Encoding.Companions.Where((_, i) => use.Companions[i] == tensor));
}
