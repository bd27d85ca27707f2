using System.Collections.Immutable;
using Lanyard.Index;

namespace Lanyard.Books;

/// <summary>What was wrong with what came, as it came. Not thread-safe.</summary>
/// <param name="index">The model.</param>
/// <param name="names">The names that came.</param>
/// <param name="unmapped">What is registered and in no map.</param>
internal sealed class LoadProblems(ModelIndex index, ArrivedNames names, ImmutableArray<UnmappedTensor> unmapped)
{
    private readonly HashSet<IgnoredPattern> _ignored = [];
    private readonly Dictionary<string, Arrival?> _unexpected = new(StringComparer.Ordinal);
    private readonly List<LoadProblem> _problems = [.. unmapped.Select(tensor => new LoadProblem(LoadProblemKind.Unmapped, tensor.Name, Expected: tensor.Expected))];

    /// <summary>The tensors that were left alone by declaration.</summary>
    public SortedSet<string> Ignored { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that stand beside codes and say nothing of values.</summary>
    public SortedSet<string> Unread { get; } = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _problems.Count;

    /// <summary>What came under names that no tensor has, as far as anything is known of it.</summary>
    public IReadOnlyDictionary<string, Arrival?> Unexpected => _unexpected;

    /// <summary>Enters one.</summary>
    public void Add(LoadProblem problem) => _problems.Add(problem);

    /// <summary>Reports a name that no tensor has, unless something says that it may come.</summary>
    /// <param name="name">The name.</param>
    /// <param name="arrival">What came, or null.</param>
    public void CheckUnknown(string name, Arrival? arrival = null)
    {
        if (names.Known(name) is not { } known)
        {
            Ignored.Add(name);
            return;
        }
        if (names.Ambiguity(name) is { } ways)
        {
            Add(new LoadProblem(LoadProblemKind.Ambiguous, name, null, $"LoadOptions.Convention to name one: it is another tensor in {ways}"));
            return;
        }
        if (IsIgnored(known))
        {
            Ignored.Add(name);
        }
        else if (index.IsUnread(known))
        {
            Unread.Add(name);
        }
        else if (!index.IsElsewhere(known))
        {
            _unexpected[name] = arrival;
            Add(new LoadProblem(LoadProblemKind.Unexpected, name, null, Found: known == name ? null : $"{known} after renames"));
        }
    }

    /// <summary>Whether a tensor is left alone by declaration, by the name that the model knows it by. The declaration is needed then.</summary>
    public bool IsIgnored(string known)
    {
        var ignores = index.Ignoring(known).ToList();
        _ignored.UnionWith(ignores);
        return ignores.Count > 0;
    }

    /// <summary>Reports a tensor that a parameter takes in no format, by its type where its shape is right.</summary>
    public void AddWrong(ModelParameter parameter, ModelTensor tensor, Arrival arrival, List<List<TensorUse>> shaped)
    {
        if (shaped.Count > 0) Add(new LoadProblem(LoadProblemKind.WrongType, arrival.Name, parameter.Name, string.Join(" or ", shaped.Select(format => format[0].Encoding.Expected(parameter.Bound.ModelType)).Distinct()), $"{arrival.Type}"));
        else if (!tensor.Uses.Exists(use => use.Parameter == parameter && arrival.IsSliceOf(use, index))) AddSlice(arrival, tensor.Uses.Where(use => use.Parameter == parameter));
        else Add(new LoadProblem(LoadProblemKind.WrongShape, arrival.Name, parameter.Name, string.Join(" or ", tensor.Uses.Where(use => use.Parameter == parameter).Select(use => arrival.Expected(use, index)).Distinct()), arrival.Found));
    }

    /// <summary>Reports a slice that this rank does not hold, whatever its shape.</summary>
    public void AddSlice(Arrival arrival, IEnumerable<TensorUse> uses) => Add(new LoadProblem(
        LoadProblemKind.WrongSlice,
        arrival.Name,
        uses.FirstOrDefault()?.Parameter.Name,
        arrival.IsWhole ? "the whole tensor" : string.Join(" or ", uses.Select(use => index.SliceOf(use) is { } own ? $"the slice {own.Slice.Held}" : "nothing of it").Distinct()),
        $"the slice {arrival.Slice!.Held}"));

    /// <summary>Declared ignores that no tensor needed, and renames.</summary>
    public IEnumerable<LoadProblem> Unused() =>
        index.RequiredIgnores
            .Where(pattern => !_ignored.Contains(pattern))
            .Select(pattern => new LoadProblem(LoadProblemKind.UnusedIgnore, Text(pattern), Expected: "a tensor to ignore"))
            .Concat(names.Unused());

    /// <summary>How an ignore is called: where it counts from each of its modules.</summary>
    public static string Text(IgnoredPattern pattern) => string.Join(" and ", NameFolding.Fold(pattern.Places));

    /// <summary>What was reported, by name: where many tensors come in one call, they come in the order of the threads.</summary>
    public IEnumerable<LoadProblem> ByName() => _problems.OrderBy(problem => problem.Tensor, StringComparer.Ordinal);
}
