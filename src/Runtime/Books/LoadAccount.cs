using System.Collections.Immutable;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Books;

/// <summary>The books of one load or refit: which tensors came, what was wrong with them, what is still missing. Not thread-safe.</summary>
internal sealed class LoadAccount(ModelIndex index, LoadOptions options)
{
    private readonly ArrivedNames _names = new(index, options.Checked());
    private readonly bool[] _touched = new bool[index.Formats];

    // Of parameters with several formats, or with companions; else it is plain.
    private readonly HashSet<(ParameterFormat, ModelTensor)> _taken = [];
    private readonly List<(Arrival, PlacedTensor)> _decided = [];
    private readonly HashSet<ModelTensor> _patched = [];

    // The values of a parameter came, and no tensor of which anything could be left.
    private readonly HashSet<ModelTensor> _given = [];
    private readonly Dictionary<ModelTensor, PartedTensor> _parted = [];
    private readonly ConfiguredForms _forms = new();

    private FormatChoices Choices => field ??= new FormatChoices(index, options, _names);

    private LoadProblems Reports => field ??= new LoadProblems(index, _names, Unmapped);

    /// <summary>What is registered and in no map, as it was when this was first asked: what post-load assigns is registered anew.</summary>
    public ImmutableArray<UnmappedTensor> Unmapped => field.IsDefault ? field = [.. index.Unmapped] : field;

    /// <summary>What the report says of it.</summary>
    public AccountSummary Summary => field ??= new AccountSummary(_names, Reports);

    private ArrivedCompanions Companions => field ??= new ArrivedCompanions(index, _names, (format, tensor) => _taken.Contains((format, tensor)));

    /// <summary>Where what came is from.</summary>
    public ArrivedFrom From { get; } = new();

    /// <summary>The names that came.</summary>
    public ArrivedNames Names => _names;

    /// <inheritdoc cref="LoadProblems.Unexpected"/>
    public IReadOnlyDictionary<string, Arrival?> Unexpected => Reports.Unexpected;

    /// <summary>Finds what comes under a name; null where the model knows no such tensor.</summary>
    public ModelTensor? Find(string name) => _names.Find(name);

    /// <summary>Says which names come, as far as that is known before the first does.</summary>
    public void Expect(IEnumerable<string> names) => _names.Expect(names);

    /// <summary>The tensors that came, or of which a part did.</summary>
    public IEnumerable<ModelTensor> Arrived => index.Tensors.Values.Where(Came);

    /// <summary>The number of tensors that came and have a place.</summary>
    public int Tensors => _names.Count;

    /// <summary>
    /// Enters a tensor. Returns what it is taken for, or null where nothing is to be written: it is wrong, ignored by declaration, or a second
    /// name of a tied one. One that waits for what decides is to be kept; <see cref="TakeDecided"/> gives it later.
    /// </summary>
    public PlacedTensor? Admit(Arrival arrival)
    {
        var name = arrival.Name;
        if (_names.Seek(name) is not { } tensor)
        {
            Reports.CheckUnknown(name, arrival);
            return null;
        }
        if (arrival is { IsWhole: true, Slice: not null })
        {
            _ = _names.TryAdd(tensor, arrival);
            Reports.AddSlice(arrival, tensor.Uses.Concat(tensor.Serves));
            return null;
        }
        if (arrival.IsWhole && !_names.TryAdd(tensor, arrival))
        {
            if (IsTied(tensor, arrival)) return null;
            _names.AddAgain(tensor, name);
            Report(LoadProblemKind.Duplicate, name, Parameter(tensor), found: _names.Before(tensor, arrival));
            return null;
        }
        var place = Place(tensor, arrival);
        if (Choices.Any) Decide(tensor);
        return place;
    }

    /// <summary>Enters that all elements which a rank holds of a parameter come, as values and in one format: nothing of them waits, and nothing is decoded.</summary>
    public void AdmitWhole(ModelParameter parameter, ParameterFormat format)
    {
        foreach (var use in format.Uses.Where(use => !use.Slots.IsEmpty))
        {
            if (_names.TryAdd(use.Tensor, use.Tensor.Name)) _given.Add(use.Tensor);
            else if (_touched[use.Format.Position]) Report(LoadProblemKind.Duplicate, use.Tensor.Name, parameter.Name);
            foreach (var companion in use.Companions) _names.TryAdd(companion, companion.Name);
        }
        foreach (var use in format.Uses) Enter(use, use.Tensor);
    }

    /// <summary>Whether <see cref="TakeDecided"/> gives any.</summary>
    public bool HasDecided => _decided.Count > 0;

    /// <summary>The tensors that waited and are decided, since this was last asked, with what they are taken for.</summary>
    public List<(Arrival Arrival, PlacedTensor Place)> TakeDecided()
    {
        List<(Arrival, PlacedTensor)> decided = [.. _decided];
        _decided.Clear();
        return decided;
    }

    /// <summary>Enters that no more will come: what is undecided is decided by what lacks, or is a problem.</summary>
    public void Close()
    {
        foreach (var arrival in Choices.Close())
        {
            if (TryDecide(arrival)) continue;
            var tensor = Find(arrival.Name)!;
            foreach (var (parameter, choice) in Choices.Withdraw(arrival, tensor))
                Reports.Add(Choices.Ambiguous(arrival.Name, parameter, Fitting(parameter, tensor, arrival).Fitting, choice));
        }
    }

    /// <summary>The format that a parameter came in; null where nothing of it did.</summary>
    public ParameterFormat? FormatOf(ModelParameter parameter) =>
        parameter.Formats.Count == 1 ? parameter.Formats[0] : Choices.Find(parameter)?.Left(Touches) ?? parameter.Formats.Find(Touches);

    /// <summary>Enters a patch of some elements. Returns what the tensor is taken for, or null where the patch is wrong.</summary>
    /// <param name="name">The full name of the checkpoint tensor.</param>
    /// <param name="type">The type of the values; null for one that fits.</param>
    /// <param name="wrong">What is wrong with the elements themselves, given the tensor and the number of its elements; null where nothing is.</param>
    public PlacedTensor? AdmitPatch(string name, torch.ScalarType? type, Func<ModelTensor, long, string?> wrong)
    {
        if (_names.Seek(name) is not { } tensor)
        {
            Reports.CheckUnknown(name);
            return null;
        }
        var problems = Reports.Count;
        if (Came(tensor) && !_patched.Contains(tensor)) Report(LoadProblemKind.Duplicate, name, Parameter(tensor));
        if (tensor.Serves.Count > 0) Report(LoadProblemKind.WrongPatch, name, Parameter(tensor), "a tensor of elements", ArrivedCompanions.Name(tensor));
        var uses = ImmutableArray.CreateBuilder<TensorUse>();
        var reasons = new Dictionary<long, string?>();
        foreach (var parameter in tensor.Uses.GroupBy(use => use.Parameter))
        {
            // Elements without the tensor's shape: what the formats take for one position may differ.
            var formats = Formats(parameter, _ => true);
            var single = formats.FindAll(format => format[0].Encoding.HasParts);
            var choice = Choices.Of(parameter.Key);
            if (single.Count > 0 && choice?.Enter(tensor, use => use.Encoding.HasParts, _ => false) == false) continue;
            if ((choice is null ? single.FirstOrDefault() : choice.Of(single)) is { } chosen)
            {
                var model = parameter.Key.Bound.ModelType;
                if (type is { } given && !chosen[0].Encoding.Takes(given, model, chosen[0].Narrow || options.AllowNarrowing)) Report(LoadProblemKind.WrongType, name, parameter.Key.Name, chosen[0].Encoding.Expected(model), ElementTypes.Name(given));

                // Once, however many parameters the tensor fills: the elements are entered on the way.
                var elements = chosen[0].Shape.Aggregate(1L, (count, size) => count * size);
                if (!reasons.TryGetValue(elements, out var reason)) reasons.Add(elements, reason = wrong(tensor, elements));
                if (reason is not null) Report(LoadProblemKind.WrongPatch, name, parameter.Key.Name, found: reason);
                uses.AddRange(chosen);
            }
            else if (single.Count > 1) Reports.Add(Choices.Ambiguous(name, parameter.Key, single, choice!));
            else Report(LoadProblemKind.WrongPatch, name, parameter.Key.Name, "a whole tensor", "elements of codes that are packed, or whose values depend on other tensors");
        }
        if (problems != Reports.Count) return null;
        _names.TryAdd(tensor, name);
        _patched.Add(tensor);
        foreach (var use in uses) Enter(use, tensor);
        return new PlacedTensor(tensor, uses.ToImmutable());
    }

    /// <summary>Patches of parameters that a post-load method replaced: nothing is left to patch.</summary>
    private IEnumerable<LoadProblem> LostPatches() =>
        from tensor in _patched
        from use in tensor.Uses
        where use.Parameter.Bound.IsTransformed && (use.Parameter.Formats.Count == 1 || _taken.Contains((use.Format, tensor)))
        select new LoadProblem(LoadProblemKind.WrongPatch, Full(tensor), use.Parameter.Name, "whole tensors", $"elements, of which {use.Parameter.Bound.MadeBy} has left nothing");

    /// <summary>Whether the name is the second name of a tensor that came under its other one.</summary>
    private bool IsTied(ModelTensor tensor, Arrival arrival) =>
        !_parted.ContainsKey(tensor) && !_patched.Contains(tensor) && _names.IsSecond(tensor, arrival);

    /// <summary>Enters that the two names of a tied tensor came with different bits.</summary>
    public void ReportTied(ModelTensor tensor) =>
        Report(LoadProblemKind.TiedDiffer, Full(tensor), Parameter(tensor), $"the same bits as {string.Join(" and ", _names.Others(tensor))}");

    /// <summary>Enters that elements of a tensor are not zero that no parameter has.</summary>
    public void ReportPadding(TensorUse use, string name, string found) =>
        Report(LoadProblemKind.WrongPadding, name, use.Parameter.Name, $"zeros where \"{use.Source.Pattern}\" has padding", found);

    /// <summary>Enters that what was written into live memory reached into what the layout of a parameter adds.</summary>
    public void ReportMemoryPadding(TensorUse use, string name, string found) =>
        Report(LoadProblemKind.WrongPadding, name, use.Parameter.Name, $"zeros in memory where \"{use.Parameter.Bound.Storage}\" has padding", found);

    /// <summary>Enters that a tensor lies in the memory of a parameter that may be written before it is read.</summary>
    public void ReportLive(PlacedTensor place, string name, ModelParameter parameter) => Report(
        LoadProblemKind.LiveMemory, name, Parameter(place.Tensor), "memory that the refit does not write: clone() it, or begin a staged refit", $"memory of {parameter.Name}");

    /// <summary>Whether any tensor of the parameter came.</summary>
    public bool Touches(ModelParameter parameter) => parameter.Formats.Any(Touches);

    /// <summary>Whether a tensor came, and not only elements of it.</summary>
    public bool IsWhole(ModelTensor tensor) => Came(tensor) && !_patched.Contains(tensor);

    /// <summary>Everything wrong: with what came, and with what did not.</summary>
    /// <param name="missing">What the parameters that must be whole still need.</param>
    public ImmutableArray<LoadProblem> Problems(IEnumerable<LoadProblem> missing)
    {
        // First of all: whether an ignore is needed is asked next.
        var unread = index.ReadInPart.Count == 0 ? [] : Summary.Enter(new PartReads(index, _names, tensor => Came(tensor) && !_given.Contains(tensor), FormatOf));
        var needed = missing.ToList();

        // A half that a post-load method needs, too, is listed with the method.
        var listed = needed.Select(problem => problem with { NeededBy = null }).ToHashSet();

        // What is missing and what comes below a module without names is one mistake.
        var unnamed = Unmapped.Where(tensor => tensor.IsModule).Select(tensor => tensor.Name + ".").ToList();
        IEnumerable<LoadProblem>[] all =
        [
            Reports.ByName(), _names.Mixed(Parameter), Choices.Mixed(), Companions.Halves().Concat(LoneShards()).Where(problem => !listed.Contains(problem)),
            Gaps(), _forms.Faults(Companions.Find), RoundedConstants(), unread, LostPatches(), needed,
        ];
        return [.. all.SelectMany(problems => problems).Where(problem => problem.Kind is not (LoadProblemKind.Missing or LoadProblemKind.Unexpected) || !unnamed.Exists(below => problem.Tensor.StartsWith(below, StringComparison.Ordinal))).Distinct()];
    }

    /// <summary>Constants that the types of the parameters which they fill a part of would round.</summary>
    private IEnumerable<LoadProblem> RoundedConstants() => index.Declared.Where(Touches).SelectMany(parameter => DeclaredValues.OfConstants(parameter, FormatOf(parameter)!, options.AllowNarrowing, Full));

    /// <inheritdoc cref="LoadProblems.Unused"/>
    public IEnumerable<LoadProblem> UnusedIgnores() => Reports.Unused();

    /// <inheritdoc cref="ArrivedNames.HasAll"/>
    public bool HasAll => _names.HasAll;

    /// <summary>Whether none of a parameter's tensors came, of any rank and format, and it is declared what it is then.</summary>
    public bool IsAbsent(ModelParameter parameter) =>
        parameter.Bound.Entry.Absent is not null && parameter.Formats.TrueForAll(format => format.Uses.TrueForAll(use => !Came(use.Tensor) && !use.Companions.Any(Came)));

    /// <inheritdoc cref="ArrivedCompanions.Forgotten"/>
    public IEnumerable<LoadProblem> Forgotten(ModelParameter parameter) => Companions.Forgotten(parameter, Touches);

    /// <inheritdoc cref="ArrivedCompanions.Beside"/>
    public ImmutableHashSet<string> Beside(ModelParameter parameter) => Companions.Beside(parameter);

    /// <summary>The tensors that a parameter still needs to be whole, in the format that was begun, or the first; none where it may stay away and does.</summary>
    public IEnumerable<LoadProblem> Missing(ModelParameter parameter) => IsAbsent(parameter) ? DeclaredValues.OfAbsent(parameter, options.AllowNarrowing, Full) : Lacking(parameter);

    /// <inheritdoc cref="Missing"/>
    /// <summary>The same of one that may not stay away, whatever is declared.</summary>
    public IEnumerable<LoadProblem> Lacking(ModelParameter parameter)
    {
        if (parameter.Formats.Count == 0) return [];
        var format = Begun(parameter) ?? parameter.Formats.Find(format => format.Name == options.Format) ?? parameter.Formats[0];
        var choice = Choices.Find(parameter);
        if (!format.Tensors.Exists(tensor => !Came(tensor))) return [];

        // What lacks beside codes that came is listed with them, for they may have come in another format.
        var beside = choice is null ? [] : format.Uses.Where(use => Came(use.Tensor)).SelectMany(use => use.Companions).ToHashSet();
        return format.Tensors.Where(tensor => !Came(tensor) && !beside.Contains(tensor) && !Companions.MayLack(format, tensor)).Select(tensor => new LoadProblem(LoadProblemKind.Missing, Full(tensor), parameter.Name, choice is { IsOpen: true } ? Choices.Deciding(choice) : null));
    }

    /// <summary>The only format of a parameter, or the one of which anything came; null where it may come in any. One of which all that came was refused was begun, too.</summary>
    public ParameterFormat? Begun(ModelParameter parameter) =>
        parameter.Formats.Count == 1 ? parameter.Formats[0] : Choices.Find(parameter)?.Left(Touches) ?? parameter.Formats.Find(format => format.Tensors.Exists(Came));

    private PlacedTensor? Place(ModelTensor tensor, Arrival arrival) => arrival.IsWhole ? Take(tensor, arrival) : TakePart(tensor, arrival);

    /// <summary>Looks again at what waits for the parameters of a tensor.</summary>
    private void Decide(ModelTensor tensor)
    {
        foreach (var use in tensor.Uses.Count == 0 ? tensor.Serves : tensor.Uses)
        {
            if (Choices.Find(use.Parameter) is not { Waiting.Count: > 0 } choice) continue;
            foreach (var arrival in choice.Waiting.ToList()) TryDecide(arrival);
        }
    }

    private bool TryDecide(Arrival arrival)
    {
        var tensor = Find(arrival.Name)!;
        var place = Place(tensor, arrival);
        if (place is { Waits: true }) return false;
        Choices.Withdraw(arrival, tensor);
        if (place is not null) _decided.Add((arrival, place));
        return true;
    }

    private static string? Parameter(ModelTensor tensor) => tensor.Uses.Concat(tensor.Serves).FirstOrDefault()?.Parameter.Name;

    private PlacedTensor? Take(ModelTensor tensor, Arrival arrival)
    {
        // As nearly all tensors are: of one use, or beside one.
        var (name, shape, type) = arrival;
        if (tensor is { Uses: [var only], Serves: [] } && only.Takes(shape, type, options.AllowNarrowing) && Choices.Of(only.Parameter)?.TryEnter(tensor, only) != false)
        {
            Chosen(only, arrival);
            return tensor.Whole;
        }

        if (tensor is { Uses: [], Serves: [var one] } && one.Parameter.Formats.Count == 1 && one.TakesCompanion(tensor, shape) && one.TakesCompanion(tensor, type))
        {
            Companions.TryAdd(tensor, arrival);
            Enter(one, tensor);
            return new PlacedTensor(tensor, []);
        }

        var problems = Reports.Count;
        if (tensor.Serves.Count > 0 && Companions.TryAdd(tensor, arrival)) TakeCompanion(tensor, arrival);
        var uses = Fitting(tensor, arrival);
        if (problems != Reports.Count) return null;
        return uses is null ? new PlacedTensor(tensor, []) { Waits = true } : new PlacedTensor(tensor, [.. uses.Select(use => Chosen(use, arrival))]);
    }

    private void TakeCompanion(ModelTensor tensor, Arrival arrival)
    {
        var (name, shape, type) = arrival;
        foreach (var parameter in tensor.Serves.GroupBy(use => use.Parameter))
        {
            if (!parameter.Any(use => use.TakesCompanion(tensor, shape)))
                Report(LoadProblemKind.WrongShape, name, parameter.Key.Name, ArrivedCompanions.Expected(parameter, tensor), Shapes.Text(shape));
            else if (!parameter.Any(use => ArrivedCompanions.Takes(use, tensor, arrival)))
                Report(LoadProblemKind.WrongType, name, parameter.Key.Name, ArrivedCompanions.Types(tensor), $"{type}");

            // Companions of several formats, or of one beside which another leaves them unread, do not say which one it is: the tensor that they belong to does.
            else if ((tensor.Uses.Exists(use => use.Parameter == parameter.Key) || Choices.Of(parameter.Key)?.Enter(tensor, _ => false, use => ArrivedCompanions.Takes(use, tensor, arrival)) != false) && parameter.Select(use => use.Format).Distinct().Count() == 1 && !Companions.IsUnread(parameter.Key, tensor))
                Enter(parameter.FirstOrDefault(use => !use.Slots.IsEmpty) ?? parameter.First(), tensor);
        }
    }

    /// <summary>The uses that a tensor is taken for, in one format of each parameter; null where it waits for what decides. A parameter that takes it in none is reported.</summary>
    private List<TensorUse>? Fitting(ModelTensor tensor, Arrival arrival)
    {
        List<TensorUse> uses = [];
        var waits = new List<FormatChoice>();
        foreach (var parameter in tensor.Uses.Select(use => use.Parameter).Distinct())
        {
            var (fitting, shaped) = Fitting(parameter, tensor, arrival);
            var choice = Choices.Of(parameter);
            if (fitting.Count == 0) Reports.AddWrong(parameter, tensor, arrival, shaped);
            else if (choice is null) uses.AddRange(fitting[0]);
            else if (!choice.Enter(tensor, use => fitting.Exists(format => format.Contains(use)), use => ArrivedCompanions.Takes(use, tensor, arrival)))
            {
                // What stands beside it and fits another format alone is wrong, and says more than that there are two formats.
                foreach (var (use, companion) in fitting[0].SelectMany(use => use.Companions.Select(companion => (use, companion))))
                {
                    if (Companions.Find(companion) is not { } beside || use.TakesCompanion(companion, beside.Shape)) continue;
                    Report(LoadProblemKind.WrongShape, beside.Name, parameter.Name, ArrivedCompanions.Expected([use], companion), Shapes.Text(beside.Shape));
                    choice.IsExplained = true;
                }
            }
            else if (choice.Of(fitting) is { } chosen) uses.AddRange(chosen);
            else waits.Add(choice);
        }
        foreach (var choice in waits) choice.Waiting.Add(arrival);
        return waits.Count == 0 ? uses : null;
    }

    /// <summary>The uses of a tensor in each format of a parameter that takes it, and in each that has its shape.</summary>
    private (List<List<TensorUse>> Fitting, List<List<TensorUse>> Shaped) Fitting(ModelParameter parameter, ModelTensor tensor, Arrival arrival)
    {
        var shaped = Formats(tensor.Uses.Where(use => use.Parameter == parameter), use => arrival.Fits(use, index));
        return (shaped.FindAll(format => format.TrueForAll(use => use.Encoding.Takes(arrival.Type, parameter.Bound.ModelType, use.Narrow || options.AllowNarrowing))), shaped);
    }

    private PlacedTensor? TakePart(ModelTensor tensor, Arrival arrival)
    {
        if (!_parted.TryGetValue(tensor, out var parted))
        {
            if (!_names.TryAdd(tensor, arrival))
            {
                Report(LoadProblemKind.Duplicate, arrival.Name, Parameter(tensor));
                return null;
            }
            _parted.Add(tensor, parted = new PartedTensor());
        }
        if (!arrival.IsSlice && ArrivedChunks.AreAssembled(tensor, arrival, options.AllowNarrowing)) return TakeChunk(tensor, arrival, parted);
        var problems = Reports.Count;
        if (Fitting(tensor, arrival) is not { } uses)
        {
            if (problems == Reports.Count) return new PlacedTensor(tensor, []) { Waits = true };
            parted.IsWrong = true;
            return null;
        }
        if (uses.Find(use => !use.Encoding.HasParts && !(arrival.IsEmpty && use.Slots.IsEmpty)) is { } scaled)
            Report(LoadProblemKind.WrongPart, arrival.Name, scaled.Parameter.Name, "the whole tensor, since it is decoded with others, which have no slices", arrival.Found);
        if (tensor.Serves.Find(use => !(arrival.IsEmpty && use.Slots.IsEmpty)) is { } served)
            Report(LoadProblemKind.WrongPart, arrival.Name, served.Parameter.Name, $"the whole tensor, since {ArrivedCompanions.Name(tensor)} has no slices", arrival.Found);
        if (problems == Reports.Count && (uses.Count == 0 || !uses[0].Encoding.HasParts)) return new PlacedTensor(tensor, []);
        if (problems == Reports.Count && arrival.Of(uses[0], index) is { } part)
        {
            if (uses.Find(use => !arrival.Of(use, index)!.Same(part)) is { } other)
                Report(LoadProblemKind.WrongPart, arrival.Name, other.Parameter.Name, $"the slice {Shapes.Text(part.Shape)} that {uses[0].Parameter.Name} holds", $"another one, {Shapes.Text(arrival.Of(other, index)!.Shape)}");
            else if (parted.Shape is { } shape && !shape.AsSpan().SequenceEqual(part.WholeShape.AsSpan()))
                Report(LoadProblemKind.WrongShape, arrival.Name, uses[0].Parameter.Name, $"a part of {Shapes.Text(shape)}, as before", $"one of {Shapes.Text(part.WholeShape)}");
            else if (parted.Enter(arrival, _names.Bare(arrival.Name), part, [.. uses], out var twice))
            {
                _names.AddPart(tensor, arrival.Name);
                return new PlacedTensor(tensor, [.. uses.Select(use => Chosen(use, arrival).Within(part))]);
            }
            else if (twice is not null)
                Report(LoadProblemKind.Duplicate, arrival.Name, uses[0].Parameter.Name, found: $"{twice} again");
        }
        parted.IsWrong |= problems != Reports.Count;
        return null;
    }

    /// <summary>Enters a chunk of what is decoded with others or beside them. When the last one comes, the tensor is taken as if it had come whole.</summary>
    private PlacedTensor? TakeChunk(ModelTensor tensor, Arrival arrival, PartedTensor parted)
    {
        if (ArrivedChunks.Enter(tensor, arrival, parted, options, _names.Bare(arrival.Name), out var isNew) is { } problem)
        {
            Reports.Add(problem);
            parted.IsWrong = true;
        }

        // After the last one only those without an element are new.
        if (!isNew || parted.Taken is not null) return null;
        _names.AddPart(tensor, arrival.Name);
        var chunk = new PlacedTensor(tensor, []) { Chunk = new TensorChunk(arrival.Start, parted.Room, parted.Assembled) };
        if (parted.Assembled is not { } shape) return chunk;
        parted.Taken = arrival with { Shape = shape, Start = default };
        if (Take(tensor, parted.Taken) is not { } place) return null;
        if (!place.Waits) _decided.Add((parted.Taken, place));
        return chunk;
    }

    /// <summary>How a tensor came that was put together from chunks: what is decided of it is decided of this.</summary>
    public Arrival Assembled(ModelTensor tensor) => _parted[tensor].Taken!;

    private TensorUse Chosen(TensorUse use, Arrival arrival)
    {
        Enter(use, use.Tensor);
        if (use.Slots.IsEmpty) return use;
        Summary.Enter(use, arrival);
        _forms.Add(use, arrival);
        if (!use.Companions.IsEmpty) Companions.Add(use);
        return use;
    }

    /// <summary>The formats of a parameter in which every use of the tensor fits; a parameter may take several parts from one tensor.</summary>
    private static List<List<TensorUse>> Formats(IEnumerable<TensorUse> uses, Predicate<TensorUse> fits) =>
        [.. uses.GroupBy(use => use.Format, (_, group) => group.ToList()).Where(format => format.TrueForAll(fits))];

    private bool Touches(ParameterFormat format) => _touched[format.Position];

    private void Enter(TensorUse use, ModelTensor tensor)
    {
        var isOnly = use.Parameter.Formats.Count == 1;
        if (!isOnly || !use.Companions.IsEmpty) _taken.Add((use.Format, tensor));
        if (use.Slots.IsEmpty) return;
        _touched[use.Format.Position] = true;
    }

    /// <summary>Shards that came without the others of their tensor: of one alone nobody can tell how the tensor was cut, so this is wrong in a subset, too.</summary>
    private IEnumerable<LoadProblem> LoneShards() =>
        from shards in index.Joined
        where shards.Any(use => IsWhole(use.Tensor) && !_parted.ContainsKey(use.Tensor))
        from use in shards
        where !use.Slots.IsEmpty && !Came(use.Tensor)
        select new LoadProblem(LoadProblemKind.Missing, Full(use.Tensor), use.Parameter.Name);

    /// <summary>Tensors that came in parts, but not all of them: slots would be written in part, so they are wrong in a subset, too.</summary>
    private IEnumerable<LoadProblem> Gaps() =>
        from tensor in _parted
        from gap in tensor.Value.Gaps()
        select new LoadProblem(LoadProblemKind.Missing, Full(tensor.Key), gap.Parameter.Name, gap.Expected, gap.Found);

    private void Report(LoadProblemKind kind, string tensor, string? parameter, string? expected = null, string? found = null) =>
        Reports.Add(new LoadProblem(kind, tensor, parameter, expected, found));

    /// <summary>Whether a tensor came, or part of it.</summary>
    public bool Came(ModelTensor tensor) => _names.Came(tensor);

    private string Full(ModelTensor tensor) => _names.Full(tensor);
}
