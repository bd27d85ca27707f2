using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Live;
using Lanyard.Memory;
using Lanyard.Names;
using Lanyard.Parts;
using TorchSharp;

namespace Lanyard.Export;

/// <summary>Which tensors an export writes and which parameters give their elements; every element is given once, or it is a problem.</summary>
internal sealed class ExportPlan
{
    private readonly ModelIndex _index;
    private readonly ExportOptions _options;
    private readonly int _way;
    private readonly MappedNames? _names;
    private readonly List<ExportProblem> _problems = [];
    private readonly SortedDictionary<string, List<ExportUse>> _uses = new(StringComparer.Ordinal);
    private readonly List<(ModelParameter Parameter, ParameterFormat Format)> _constant = [];
    private readonly SortedSet<string> _elsewhere = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">No parameter has the format, no class states the convention, renames leave no name for a tensor, or the type is not a floating-point type.</exception>
    /// <exception cref="ExportException">The model cannot be exported; everything that is in the way is listed.</exception>
    public ExportPlan(ModelIndex index, ExportOptions options)
    {
        (_index, _options) = (index, options);
        CheckOptions();
        _way = index.Ways.Written(options.Convention, options.Prefix);
        if (options.Names is { Code: not null }) throw new ArgumentException("A mapping by code has no way back to the names that are written: export with renames that are data.", nameof(options));
        if (options.Names is { } mapping) _names = new MappedNames(mapping);
        _problems.AddRange(index.Unmapped.Select(tensor => new ExportProblem(ExportProblemKind.Unmapped, tensor.Name, $"expected {tensor.Expected}")));
        var absent = Absent();
        foreach (var parameter in index.Parameters)
        {
            if (parameter.Formats.Count > 0 && !absent.Contains(parameter)) Add(parameter, Chosen(parameter));
        }

        _elsewhere.UnionWith(index.Elsewhere.SelectMany(NamesElsewhere));

        // A tensor may have several takers, and only some of them hold nothing of it here.
        _elsewhere.ExceptWith(_uses.Keys);
        foreach (var parameter in Parameters) CheckUndo(parameter);
        Tensors = [.. _uses.Where(pair => IsWritten(pair.Value)).Select(pair => Tensor(pair.Key, pair.Value)).OfType<ExportTensor>()];
        if (_problems.Count > 0) throw new ExportException($"{index.Modules[0].Set.Map.Type} cannot be exported", [.. _problems]);
    }

    /// <summary>What is written, by name.</summary>
    public ImmutableArray<ExportTensor> Tensors { get; }

    /// <summary>The tensors of which only other ranks hold anything, as they write them.</summary>
    public IEnumerable<string> Elsewhere => _elsewhere.Select(Written);

    /// <summary>The items of lists that only other processes have, with the names that they have where they are like those of an item that is here.</summary>
    public IEnumerable<ElsewhereItems> Items()
    {
        List<string> written = [.. _uses.Where(pair => IsWritten(pair.Value)).Select(pair => pair.Key).Concat(_elsewhere).Select(name => _index.Ways.Written(_index.Tensors[name], _way, _options.Prefix))];
        foreach (var list in _index.ListsIn(_way))
        {
            List<ElsewhereItems> items = [.. list.Select(place => new ElsewhereItems(Path(place.Path), [.. place.Elsewhere], [.. place.Held.Select(number => Below(Path(place.Item(number)))).FirstOrDefault(names => names.Count > 0) ?? []]))];

            // A format that was not written has no names here.
            foreach (var item in items.FindAll(item => item.Names.Length > 0) is { Count: > 0 } named ? named : items[..1])
            {
                if (item.Numbers.Length > 0) yield return _names is null ? item : Renamed(item);
            }
        }

        // Names are changed whole; what stands before the numbers is what is left of all of them.
        ElsewhereItems Renamed(ElsewhereItems item)
        {
            var names = item.Names.IsEmpty ? [""] : item.Names;
            var ends = item.Numbers.SelectMany(number => names.Select(name => (Name: $"{item.Path}{number}.{name}", End: $"{number}.{name}"))).Select(both => (Name: this.Renamed(both.Name), both.End)).ToList();
            var paths = ends.Select(both => both.Name.EndsWith(both.End, StringComparison.Ordinal) ? both.Name[..^both.End.Length] : null).Distinct().ToList();
            return paths is [{ } path] ? item with { Path = path } : throw new ArgumentException($"The renames change the items of {item.Path}, of which other processes hold some, otherwise than by what stands before their numbers: export without them, and rename what is merged.");
        }

        string Path(string path) => _index.Ways.Written(path, _way, _options.Prefix);

        List<string> Below(string path) => [.. written.Where(name => name.StartsWith(path, StringComparison.Ordinal)).Select(name => name[path.Length..])];
    }

    /// <summary>The parameters that give anything.</summary>
    public IEnumerable<ModelParameter> Parameters => _uses.Values.SelectMany(uses => uses).Where(use => !use.Slots.IsEmpty).Select(use => use.Parameter).Distinct();

    /// <summary>The parameters with parts that the chosen format does not store, as they would be loaded again.</summary>
    public IReadOnlyList<(ModelParameter Parameter, ParameterFormat Format)> Constant => _constant;

    /// <summary>The full name, as it is written, of a tensor that the model knows by another.</summary>
    public string Written(string name) => Renamed(_index.Ways.Written(_index.Tensors[name], _way, _options.Prefix));

    private string Renamed(string name) => _names?.Back(name) ?? name;

    private void CheckOptions()
    {
        if (_options.Type is { } type && !ElementTypes.IsFloat(type)) throw new ArgumentException($"{type} is not a floating-point type that an export writes.", "options");
        if (_options.Metadata.Keys.FirstOrDefault(SliceMetadata.IsReserved) is { } key) throw new ArgumentException($"The metadata key \"{key}\" is reserved.", "options");
        FormatNames.Check(_index, _options.Format);
    }

    private ParameterFormat Chosen(ModelParameter parameter) =>
        ChosenFormat.Of(parameter, _options is { Codes: true, Format: null } ? parameter.Bound.Kept.Keys.FirstOrDefault().Source?.Format : _options.Format);

    /// <summary>
    /// The tensors that another pipeline stage writes of a parameter for certain: of one that may be absent, and of codes in a format that only that stage
    /// knows, nothing here tells.
    /// </summary>
    private IEnumerable<string> NamesElsewhere(ModelParameter parameter)
    {
        if (parameter.Formats.Count == 0 || parameter.Bound.Entry.Absent is not null) return [];
        List<ParameterFormat> formats = _options is { Codes: true, Format: null } ? parameter.Formats : [Chosen(parameter)];
        return formats.Select(format => format.Uses.Select(use => use.Tensor.Name)).Aggregate(Enumerable.Intersect);
    }

    /// <summary>
    /// The parameters that no tensor brought and that have the value which is declared for that, still: left out, they are loaded as they are.
    /// One whose tensor is written for another is written with it.
    /// </summary>
    private HashSet<ModelParameter> Absent()
    {
        var absent = _index.Modules.SelectMany(module => module.Optional).Where(parameter => parameter.Bound.IsAbsent && AbsentValue.IsHeld(parameter)).ToHashSet();
        while (absent.RemoveWhere(parameter => Chosen(parameter).Uses.Exists(use => use.Tensor.Uses.Exists(other => !absent.Contains(other.Parameter) && Chosen(other.Parameter) == other.Format))) > 0)
        {
        }
        return absent;
    }

    private void Add(ModelParameter parameter, ParameterFormat format)
    {
        if (!format.Constants.IsEmpty) _constant.Add((parameter, format));
        foreach (var use in format.Uses)
        {
            var name = use.Tensor.Name;
            if (_index.SliceOf(use) is not { } rank)
            {
                _elsewhere.Add(name);
                continue;
            }
            if (!_uses.TryGetValue(name, out var list)) _uses.Add(name, list = []);
            list.Add(new ExportUse(use, rank.Slice, [.. use.Slots.SelectMany(slot => rank.Part.Of(slot))]));
        }
    }

    private void CheckUndo(ModelParameter parameter)
    {
        if (UndonePostLoad.NoWayBack(parameter) is { } reason) _problems.Add(new ExportProblem(ExportProblemKind.NoUndo, parameter.Name, reason));
    }

    private static bool IsWritten(List<ExportUse> uses) => uses.Exists(use => use.Slice.Elements > 0);

    private ExportTensor? Tensor(string name, List<ExportUse> uses)
    {
        var (first, problems) = (uses[0], _problems.Count);
        foreach (var use in uses)
        {
            if (!use.Shape.AsSpan().SequenceEqual(first.Shape.AsSpan()))
                Report(ExportProblemKind.Conflict, name, $"{first.Parameter.Bound} has it as {Shapes.Text(first.Shape)}, {use.Parameter.Bound} as {Shapes.Text(use.Shape)}");
            else if (!use.Slice.Same(first.Slice))
                Report(ExportProblemKind.Conflict, name, $"{first.Parameter.Bound} and {use.Parameter.Bound} hold different slices of it on this rank");
        }
        var isShared = problems == _problems.Count && CheckCoverage(name, uses);
        var values = uses.Select(Gathered).Aggregate(Wider);
        var own = uses.Select(use => use.Parameter.Bound.ModelType).Aggregate(Wider);
        var type = _options.Type is { } chosen && ElementTypes.IsFloat(own) ? chosen : own;
        if (uses.Find(use => !ElementTypes.Fits(use.Parameter.Bound.ModelType, values, narrow: false)) is { } other)
            Report(ExportProblemKind.Conflict, name, $"its parameters have types of which none holds the others, {other.Parameter.Bound.ModelType} and {values}; convert the model to one type");
        else if (!CheckpointTypes.TryFromScalarType(type, out _))
            Report(ExportProblemKind.Conflict, name, $"checkpoints cannot hold the element type {type}");
        return problems == _problems.Count ? new ExportTensor(Written(name), first.Slice, values, type, !ElementTypes.Fits(own, type, narrow: false), [.. uses.Where(use => !use.Slots.IsEmpty)], isShared) : null;
    }

    /// <summary>The type in which values of a parameter are computed on the way out, as on the way in.</summary>
    private static torch.ScalarType Gathered(ExportUse use)
    {
        var type = use.Parameter.Bound.ModelType;
        return use.Source.Offset != 0 && ElementTypes.Fits(type, torch.ScalarType.Float32, narrow: false) ? torch.ScalarType.Float32 : type;
    }

    private static torch.ScalarType Wider(torch.ScalarType a, torch.ScalarType b) => ElementTypes.Fits(a, b, narrow: false) ? b : a;

    /// <summary>Reports elements that nobody gives. Returns whether some are given several times.</summary>
    private bool CheckCoverage(string name, List<ExportUse> uses)
    {
        var isShared = false;
        var elements = uses[0].Slice.Elements;
        var given = uses.Sum(use => use.Slots.Sum(slot => slot.Count));
        if ((uses.Count > 1 || given > elements || uses[0].Source.Repeat is not null) && given > 0)
        {
            // One source gives no element twice, unless it is repeated; several might.
            using var scope = torch.NewDisposeScope();
            var times = torch.zeros([.. uses[0].Slice.Shape], torch.ScalarType.Int32);
            foreach (var slot in uses.SelectMany(use => use.Slots))
                times.as_strided([.. slot.Sizes], [.. slot.TensorStrides], slot.TensorOffset).PlusInPlace(1);
            isShared = times.GreaterThan(1).sum().ReadInt64() > 0;
            given = times.GreaterThan(0).sum().ReadInt64();
        }
        if (given < elements) Report(ExportProblemKind.Uncovered, name, $"{elements - given} of {elements} elements belong to no parameter; it is read by {Takers(uses)}");
        return isShared;
    }

    /// <summary>The parameters that read a tensor, for messages.</summary>
    public static string Takers(IEnumerable<ExportUse> uses) => string.Join(" and ", uses.Select(use => use.Parameter.Bound.ToString()).Distinct());

    private void Report(ExportProblemKind kind, string name, string detail) => _problems.Add(new ExportProblem(kind, name, detail));
}
