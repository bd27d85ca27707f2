using System.Numerics;
using Lanyard.Index;
using Lanyard.Names;

namespace Lanyard.Books;

/// <summary>
/// The names that the tensors of one load or refit came under. Each strikes out the ways of naming that do not have it; what no way is left
/// for is a mixture. Not thread-safe, but for what finds.
/// </summary>
internal sealed class ArrivedNames
{
    private readonly ModelIndex _index;
    private readonly MappedNames? _mapped;
    private readonly string?[] _names;
    private readonly Dictionary<string, (ModelTensor Tensor, string Name)> _secondNames = new(StringComparer.Ordinal);
    private readonly HashSet<(ModelTensor Tensor, string Name)> _partNames = [];
    private readonly List<(ModelTensor Tensor, string Name)> _again = [];
    private readonly HashSet<ModelTensor> _forgotten = [];
    private ulong _possible = ulong.MaxValue;
    private ulong _left;
    private (string? Name, ulong Ways) _sought;
    private (int Names, ulong Way) _most = (-1, 0);

    /// <exception cref="ArgumentException">No source states the format or no class the convention that the options name, or their renames are not well declared.</exception>
    public ArrivedNames(ModelIndex index, LoadOptions options)
    {
        (_index, _names, _left) = (index, new string?[index.Tensors.Count], index.Ways.Every);
        if (options.Names is { } mapping) _mapped = new MappedNames(mapping);
        FormatNames.Check(index, options.Format);
        if (options.Convention is { } convention)
        {
            index.Ways.Written(convention, prefixed: false);
            _possible = index.Ways.Of(convention) ?? 0;
        }
    }

    /// <summary>The number of tensors that came.</summary>
    public int Count { get; private set; }

    /// <summary>The tensors that came, each under all of its names that did.</summary>
    public IEnumerable<string> All => _names.OfType<string>().Concat(_secondNames.Values.Concat(_partNames).Concat(_again).Select(second => second.Name));

    /// <summary>The ways in which what lacks may be called: those that have all that came or, where none has, the one that most follow.</summary>
    public IEnumerable<ulong> Open => (_left & _possible) is > 0 and var left ? Enumerable.Range(0, 64).Select(bit => 1UL << bit).Where(way => (way & left) != 0) : [Followed()];

    /// <summary>Whether every tensor that the model knows came.</summary>
    public bool HasAll => Count == _names.Length;

    /// <summary>
    /// Leaves only the ways that have all of some names and of those that came, but for names that none has: what means different tensors is told apart
    /// by the others, and what came means the same to the end.
    /// </summary>
    public void Expect(IEnumerable<string> names)
    {
        if (!_index.HasAmbiguousNames) return;
        var left = names.Select(WaysOf).Where(ways => ways != 0).Aggregate(_possible & _left, (left, ways) => left & ways);
        if (left != 0) _possible = left;
    }

    /// <summary>Finds what comes under a name; null where the model knows no such tensor, or several.</summary>
    public ModelTensor? Find(string name) => Known(name) is { } known ? _index.Find(known, _possible).Tensor : null;

    /// <summary>As <see cref="Find"/>, for what is entered then: it is looked up once.</summary>
    public ModelTensor? Seek(string name)
    {
        var known = Known(name) is { } mapped ? _index.Find(mapped, _possible) : default;
        _sought = (name, known.Ways);
        return known.Tensor;
    }

    /// <summary>The name by which a tensor is looked up, after renames; null where it is left alone.</summary>
    public string? Known(string name) => _mapped is null ? name : _mapped.Of(name);

    /// <summary>Renames and ignores of the options that nothing needed.</summary>
    public IEnumerable<LoadProblem> Unused() => (_mapped?.Unused ?? []).Select(unused => unused.IsIgnore
        ? new LoadProblem(LoadProblemKind.UnusedIgnore, unused.Pattern, Expected: "a tensor to ignore")
        : new LoadProblem(LoadProblemKind.UnusedRename, unused.Pattern, Expected: "a tensor to rename"));

    /// <summary>The ways in which a name means different tensors, for messages; null where it does not.</summary>
    public string? Ambiguity(string name) => Known(name) is { } mapped && _index.Find(mapped, _possible) is { IsAmbiguous: true } known ? _index.Ways.Text(known.Ways) : null;

    /// <summary>Whether a tensor came, or part of it.</summary>
    public bool Came(ModelTensor tensor) => _names[tensor.Position] is not null;

    /// <summary>The name that a tensor came under first.</summary>
    public string NameOf(ModelTensor tensor) => _names[tensor.Position]!;

    /// <summary>Enters the name that a tensor comes under; false where it came before.</summary>
    public bool TryAdd(ModelTensor tensor, string name)
    {
        if (Came(tensor)) return false;
        _names[tensor.Position] = name;
        _left &= WaysOf(name);
        Count++;
        return true;
    }

    /// <inheritdoc cref="TryAdd(ModelTensor, string)"/>
    public bool TryAdd(ModelTensor tensor, Arrival arrival)
    {
        if (!TryAdd(tensor, arrival.Name)) return false;
        if (!arrival.IsRemembered && tensor.HasSeveralNames) _forgotten.Add(tensor);
        return true;
    }

    /// <summary>Enters the name that another part of a tensor comes under.</summary>
    public void AddPart(ModelTensor tensor, string name)
    {
        if (_names[tensor.Position] == name || !_partNames.Add((tensor, name))) return;
        _left &= WaysOf(name);
    }

    /// <summary>Whether a tensor that came comes under another of its names now, which has not come yet, so that the two can be compared.</summary>
    public bool IsSecond(ModelTensor tensor, Arrival arrival) =>
        tensor.HasSeveralNames && Bare(_names[tensor.Position]!) != Bare(arrival.Name) && !_forgotten.Contains(tensor) && arrival.IsRemembered && _secondNames.TryAdd(Bare(arrival.Name), (tensor, arrival.Name));

    /// <summary>Enters a name that a tensor comes under once more, which is wrong by itself.</summary>
    public void AddAgain(ModelTensor tensor, string name) => _again.Add((tensor, name));

    /// <summary>What tells the names of one tensor apart: the name without the root's optional prefix.</summary>
    public string Bare(string name) => _index.Bare(Known(name) ?? name);

    /// <summary>The name of a tensor as those that came are written.</summary>
    public string Full(ModelTensor tensor) => _index.Ways.Name(tensor, Followed());

    /// <summary>The other names that a tensor could have come under, for messages; of conventions those that came.</summary>
    public IEnumerable<string> Others(ModelTensor tensor) => tensor.OtherNames.IsDefault
        ? tensor.Aliases
        : _secondNames.Values.Where(second => second.Tensor == tensor).Select(second => second.Name).Prepend(_names[tensor.Position]!).Where(name => name != Full(tensor));

    /// <summary>The other name that a tensor came under before, where the two cannot be compared any more, for messages; else null.</summary>
    public string? Before(ModelTensor tensor, Arrival arrival) =>
        (!arrival.IsRemembered || _forgotten.Contains(tensor)) && _names[tensor.Position] is { } before && Bare(before) != Bare(arrival.Name) ? $"it as {before} before, in another write" : null;

    /// <summary>Tensors that came under names that are not of one way of naming, each of those that are not of the way that most follow.</summary>
    /// <param name="parameter">The name of a parameter that a tensor fills.</param>
    public IEnumerable<LoadProblem> Mixed(Func<ModelTensor, string?> parameter)
    {
        if (_left != 0) yield break;
        var (way, came) = (Followed(), Entered());
        var those = came.Count(tensor => (tensor.Ways & way) != 0);
        foreach (var (tensor, name, ways) in came.Where(tensor => (tensor.Ways & way) == 0))
            yield return new LoadProblem(LoadProblemKind.MixedConventions, name, parameter(tensor), $"one way of naming throughout: {those} of {came.Count} tensors came in {_index.Ways.Text(way)}", _index.Ways.Text(ways), _index.Ways.Name(tensor, way));
    }

    private ulong WaysOf(string name) => ReferenceEquals(name, _sought.Name) ? _sought.Ways : Known(name) is { } known ? _index.Find(known, _possible).Ways : 0;

    /// <summary>The way that all tensors came in; where there is none, the one that most did.</summary>
    private ulong Followed()
    {
        if (_left != 0) return First(_left);
        var names = Count + _secondNames.Count + _partNames.Count + _again.Count;
        if (_most.Names == names) return _most.Way;
        var (best, most, came) = (1UL, -1, Entered());
        for (var ways = _index.Ways.Every; ways != 0; ways &= ways - 1)
        {
            var way = First(ways);
            if (came.Count(tensor => (tensor.Ways & way) != 0) is var count && count > most) (best, most) = (way, count);
        }
        _most = (names, best);
        return best;
    }

    /// <summary>What came, with the first name and the ways that have any of its names.</summary>
    private List<(ModelTensor Tensor, string Name, ulong Ways)> Entered()
    {
        var others = _secondNames.Values.Concat(_again).ToLookup(other => other.Tensor, other => other.Name);
        return
        [
            .. from tensor in _index.Tensors.Values
               let name = _names[tensor.Position]
               where name is not null
               select (tensor, name, others[tensor].Prepend(name).Aggregate(0UL, (ways, name) => ways | WaysOf(name))),
            .. _partNames.Select(part => (part.Tensor, part.Name, WaysOf(part.Name))),
        ];
    }

    private static ulong First(ulong ways) => 1UL << BitOperations.TrailingZeroCount(ways);
}
