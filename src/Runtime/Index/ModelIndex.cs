using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lanyard.Encodings;
using Lanyard.Layouts;
using Lanyard.Maps;
using Lanyard.Memory;
using Lanyard.Parts;

namespace Lanyard.Index;

/// <summary>Every checkpoint tensor that a module tree has a place for, with the slots that it fills on this rank.</summary>
internal sealed class ModelIndex
{
    // Beside the sets, which are bound before anything is known of a tree around them.
    private static readonly ConditionalWeakTable<ParameterSet, ModelIndex> Read = [];

    private readonly ModuleMap _root;
    private readonly ModelTree _tree;
    private readonly List<ModelModule> _modules = [];
    private readonly Dictionary<string, ModelTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelTensor> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ParameterFormat>> _unread = new(StringComparer.Ordinal);
    private readonly IgnoredNames _ignored = new();
    private readonly ListPlaces _lists = new();
    private readonly List<UnmappedTensor> _unmapped = [];
    private readonly ConcurrentDictionary<(ModelModule Module, CheckpointSource Source, JoinedRows? Rows), RankSlice> _slices = [];
    private readonly KnownNames? _known;
    private readonly bool _withTensors;
    private List<ImmutableArray<ModulePrefix>> _prefixes = [];
    private int _positions;
    private LiveMemory? _memory;

    private ModelIndex(ParameterSet root, bool withTensors)
    {
        _withTensors = withTensors;
        (Root, _root, _tree, Prefix) = (root, root.Map, new ModelTree(root), root.Map.OptionalPrefix);
        Ways = new NamingWays(root.Map, _tree.Entries.Select(entry => entry.Map).OfType<ModuleMap>());
        AddModules();
        Parameters = [.. _modules.SelectMany(module => module.Parameters).Where(parameter => parameter.Bound.IsPresent)];
        Elsewhere = [.. _modules.SelectMany(module => module.Parameters).Where(parameter => parameter.Bound.IsElsewhere)];
        Declared = [.. Parameters.Where(parameter => !parameter.Bound.Entry.Constants.IsEmpty || parameter.Bound.Entry.Absent is not null)];
        HasPostLoads = _modules.Exists(module => !module.Set.Map.PostLoads.IsEmpty);
        Quiet = [.. _modules.Where(module => module.IsQuiet)];
        if (!withTensors) return;
        if (Ways.AreSeveral)
        {
            _known = new KnownNames();
            foreach (var tensor in _tensors.Values) Know(tensor, tensor.NameIn);
        }
        foreach (var module in _modules)
        {
            foreach (var alias in module.Set.Map.Aliases) Add(module, alias);
        }
    }

    /// <summary>The parameters of the root itself.</summary>
    public ParameterSet Root { get; }

    public IReadOnlyList<ModelModule> Modules => _modules;

    /// <summary>The parameters of all modules.</summary>
    public ImmutableArray<ParameterSet> Sets => field.IsDefault ? field = [.. _modules.Select(module => module.Set)] : field;

    public ImmutableArray<ModelParameter> Parameters { get; }

    /// <summary>The parameters that only other pipeline stages hold. Their tensors are known, and nothing takes them.</summary>
    public ImmutableArray<ModelParameter> Elsewhere { get; }

    public IReadOnlyDictionary<string, ModelTensor> Tensors => _tensors;

    /// <summary>The names of the tensors in every way, but for the root's optional prefix.</summary>
    public IEnumerable<string> Names => _known?.All ?? _tensors.Keys;

    /// <summary>The ways in which checkpoints may name the tensors.</summary>
    public NamingWays Ways { get; }

    /// <summary>Whether a name means one tensor in one way and another in another.</summary>
    public bool HasAmbiguousNames => _known is { HasAmbiguous: true };

    /// <summary>The number of parameters, absent ones included.</summary>
    public int Positions => _positions;

    /// <summary>The number of formats of all parameters.</summary>
    public int Formats { get; private set; }

    /// <summary>The placements of all modules when their parameters were last found apart in memory; negative before.</summary>
    public long ApartAt { get; set; } = -1;

    /// <summary>The parameters in main memory, by address, as they lay then.</summary>
    public ImmutableArray<ModelParameter> Ascending
    {
        get;
        set => (field, _memory) = (value, null);
    } = [];

    /// <summary>Their memory, as it was when this was first asked.</summary>
    public LiveMemory Memory => _memory ??= new LiveMemory(Ascending);

    /// <summary>The modules of which the end of an update runs nothing.</summary>
    public ImmutableArray<ModelModule> Quiet { get; }

    /// <summary>Whether any module has post-load methods.</summary>
    public bool HasPostLoads { get; }

    /// <summary>The parameters with values that are declared, for parts or for where no tensor is there.</summary>
    public ImmutableArray<ModelParameter> Declared { get; }

    /// <summary>The tensors of which some parameter leaves elements to others.</summary>
    public HashSet<ModelTensor> ReadInPart { get; } = [];

    /// <summary>The shards of each tensor that is stored as several, in order.</summary>
    public List<ImmutableArray<TensorUse>> Joined { get; } = new(0);

    /// <summary>Whether any tensor has a second name.</summary>
    public bool HasTied => _aliases.Count > 0 || Ways.AreSeveral;

    /// <summary>Registered parameters which no map describes, those of modules without one first: nothing could load them.</summary>
    public IEnumerable<UnmappedTensor> Unmapped => _unmapped
        .Concat(_modules.SelectMany(module => Registrations.Parameters(module.Set).Select(name => UnmappedTensor.Beside(module.Prefix + name, module.Set.Map))))
        .Concat(_modules.SelectMany(module => Registrations.Modules(module.Set).SelectMany(beside => UnmappedTensor.Within(module.Prefix + beside.Name, beside.Module, module.Set.Map))));

    /// <summary>The prefix that checkpoints may put before every name; empty where there is none.</summary>
    public string Prefix { get; }

    /// <exception cref="InvalidOperationException">The declarations contradict each other, or one module is in two places.</exception>
    public static ModelIndex Of(ParameterSet root)
    {
        if (Read.TryGetValue(root, out var known) && known._tree.IsCurrent()) return known;
        var index = new ModelIndex(root, withTensors: true);
        Read.AddOrUpdate(root, index);
        return index;
    }

    /// <summary>The modules and parameters alone, with the formats of each: no tensor is spelled, and no slot resolved.</summary>
    /// <param name="root">The root.</param>
    public static ModelIndex OfModules(ParameterSet root) => new(root, withTensors: false);

    /// <summary>What was last read of a root, or null.</summary>
    public static ModelIndex? Known(ParameterSet root) => Read.TryGetValue(root, out var index) ? index : null;

    /// <summary>Compares the tree with the one that was read.</summary>
    /// <exception cref="ModelStateException">A module was added, replaced or taken away; all are named.</exception>
    public void CheckTree()
    {
        if (_tree.IsCurrent()) return;
        throw new ModelStateException($"The modules of {_root.Type} are not those for which this began ({_tree.Difference(new ModelTree(Root))}). Nothing was changed. Begin again: a new plan or session takes the modules that there are then.");
    }

    /// <summary>Finds a tensor by the name that a checkpoint gives it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="ways">The ways of naming in question.</param>
    public KnownName Find(string name, ulong ways = ulong.MaxValue)
    {
        if (Named(name, ways) is { Ways: > 0 } known) return known;
        return HasPrefix(name) && Named(name[Prefix.Length..], ways >> Ways.All.Length) is { Ways: > 0 } bare && Ways.WithPrefix(bare.Ways) is > 0 and var prefixed ? bare with { Ways = prefixed } : default;
    }

    /// <summary>The name that the model knows a tensor by: without the prefix, where there is one.</summary>
    public string Bare(string name) => HasPrefix(name) && Named(name, ulong.MaxValue).Ways == 0 ? name[Prefix.Length..] : name;

    /// <summary>Whether a tensor, under its name with the prefix or without, stands beside codes and says nothing of their values.</summary>
    public bool IsUnread(string name) => _unread.ContainsKey(name) || (HasPrefix(name) && _unread.ContainsKey(name[Prefix.Length..]));

    /// <summary>Whether a tensor says nothing of the values of a format.</summary>
    public bool IsUnread(ModelTensor tensor, ParameterFormat format) => _unread.TryGetValue(tensor.Name, out var formats) && formats.Contains(format);

    /// <summary>The patterns that leave a tensor alone, under its name with the prefix or without.</summary>
    public IEnumerable<IgnoredPattern> Ignoring(string name) =>
        HasPrefix(name) ? _ignored.Matching(name).Concat(_ignored.Matching(name[Prefix.Length..])).Distinct() : _ignored.Matching(name);

    /// <summary>Whether a tensor is of an item of a list that another process has.</summary>
    public bool IsElsewhere(string name)
    {
        return _tree.Lists.Count > 0 && (_lists.IsElsewhere(name, IsKnown) || (HasPrefix(name) && _lists.IsElsewhere(name[Prefix.Length..], IsKnown)));

        bool IsKnown(string like) => Named(like, ulong.MaxValue).Ways != 0 || _unread.ContainsKey(like) || _ignored.Matching(like).Any();
    }

    /// <summary>The lists of which other processes have more items, each as it is named in a way: first as usual, then in formats that have other names.</summary>
    public IEnumerable<IEnumerable<ListPlace>> ListsIn(int way) => _tree.Lists.Select(list => _lists.At(PathOf(list, way).All));

    /// <summary>The patterns that must match something.</summary>
    public IEnumerable<IgnoredPattern> RequiredIgnores => _ignored.Required;

    /// <summary>What this rank holds of a use's tensor, as an export writes it; null where it holds nothing.</summary>
    /// <exception cref="InvalidOperationException">The indices that the rank holds cut a block of the tensor.</exception>
    public RankSlice? SliceOf(TensorUse use)
    {
        var module = use.Parameter.Module;
        try
        {
            var slice = _slices.GetOrAdd((module, use.Source, use.Rows), static key => new RankSlice(key.Source, key.Module.Set.Axes, key.Rows));
            return slice.Holds(use.LocalName) ? slice : null;
        }
        catch (LayoutException error)
        {
            throw Contradiction(use.Parameter, $"{use.Tensor.Name} has no slice: {error.Message}", error);
        }
    }

    private bool HasPrefix(string name) => Prefix.Length > 0 && name.StartsWith(Prefix, StringComparison.Ordinal);

    private KnownName Named(string name, ulong ways)
    {
        ways &= Ways.Bare;
        if (_known is not null) return _known.Find(name, ways);
        return ways != 0 && (_tensors.GetValueOrDefault(name) ?? _aliases.GetValueOrDefault(name)) is { } tensor ? new KnownName(tensor, ways) : default;
    }

    /// <summary>Adds the modules of the tree, with what stands before their names in each way.</summary>
    private void AddModules()
    {
        ImmutableArray<NamingWay> others = [.. Ways.All.Skip(1)];
        Add(ModulePrefix.Root, [.. others.Select(way => ModulePrefix.Root.Then(way.PrefixOf(_root)))], Root);
        var prefixes = new List<ImmutableArray<ModulePrefix>>();
        foreach (var entry in _tree.Entries)
        {
            ImmutableArray<ModulePrefix> prefix = [];
            if (others.Length > 0)
            {
                var (above, map) = entry.Parent < 0 ? (_modules[0].OtherPrefixes, _root) : (prefixes[entry.Parent], _tree.Entries[entry.Parent].Map);
                prefix = [.. others.Select((way, i) => above[i].Child(entry.Place, map, way).Then(entry.Map is { } own ? way.PrefixOf(own) : ""))];
                prefixes.Add(prefix);
            }
            Add(entry, prefix);
        }
        _prefixes = prefixes;
        if (_tree.Lists.Count == 0) return;
        foreach (var module in _modules) _lists.AddModule(module.OtherPrefixes.Prepend(module.Prefixes).SelectMany(prefix => prefix.All));
        foreach (var list in _tree.Lists) _lists.Add(list, Enumerable.Range(0, Ways.All.Length).SelectMany(way => PathOf(list, way).All));
    }

    /// <summary>What stands before the numbers of a list in a way.</summary>
    private ModulePrefix PathOf(ListEntry list, int way)
    {
        var parent = list.Parent < 0 ? null : _tree.Entries[list.Parent] as TreeEntry?;
        var above = (way, parent) switch
        {
            (0, null) => ModulePrefix.Root,
            (0, { } entry) => entry.Prefix,
            (_, null) => _modules[0].OtherPrefixes[way - 1],
            _ => _prefixes[list.Parent][way - 1],
        };
        return above.Child(list.Place, parent is { } place ? place.Map : _root, Ways.All[way]);
    }

    private void Know(ModelTensor tensor, Func<int, string> name)
    {
        for (var way = 0; _known is not null && way < Ways.All.Length; way++)
        {
            if (_known.Add(name(way), tensor, 1UL << way) is { } other)
                throw new InvalidOperationException($"In {Ways.Text(1UL << way)} {name(way)} is the name of two tensors, {other.Name} and {tensor.Name}. Give one of them another with [CheckpointName].");
        }
    }

    /// <summary>Adds a second name of a tensor; without effect where the model has a tensor of that name.</summary>
    private void Add(ModelModule module, AliasEntry alias)
    {
        if (_tensors.ContainsKey(module.Prefix + alias.Alias) || !_tensors.TryGetValue(module.Prefix + alias.Name, out var tensor)) return;
        if (!_aliases.TryAdd(module.Prefix + alias.Alias, tensor))
        {
            if (_aliases[module.Prefix + alias.Alias] is var other && other != tensor) throw new InvalidOperationException($"{module.Prefix}{alias.Alias} is declared as another name of {other.Name} and of {tensor.Name}.");
            return;
        }
        tensor.Aliases = [.. tensor.Aliases.Concat(module.OtherPrefixes.Prepend(module.Prefixes).Select(prefix => prefix.Default + alias.Alias)).Distinct()];
        Know(tensor, way => (way == 0 ? module.Prefixes : module.OtherPrefixes[way - 1]).Default + alias.Alias);
    }

    private void Add(ModulePrefix prefix, ImmutableArray<ModulePrefix> others, ParameterSet set)
    {
        var module = new ModelModule(_modules.Count, prefix, others, set);
        _modules.Add(module);
        if (!set.Map.Ignores.IsEmpty) _ignored.Add(set, prefix.Default, others.Prepend(prefix).SelectMany(way => way.All));
        foreach (var bound in set) module.Parameters.Add(Add(module, bound));
        module.Optional.AddRange(module.Parameters.Where(parameter => parameter.Bound.IsPresent && parameter.Bound.Entry.Absent is not null && parameter.Formats.Count > 0));
        module.Bare.AddRange(module.Parameters.Where(parameter => parameter.Bound.IsPresent && parameter.Formats.Exists(format => format.Optional.Count > 0)));
        module.Empty.AddRange(module.Parameters.Where(parameter => parameter.Bound.IsPresent && parameter.Formats.Count > 0 && parameter.Formats.TrueForAll(format => format.Tensors.Count == 0)));
    }

    private void Add(TreeEntry entry, ImmutableArray<ModulePrefix> others)
    {
        if (entry.Module is IParameterModule known)
            Add(entry.Prefix, others, known.Parameters);
        else if (entry.Module is { } module)
            _unmapped.AddRange(UnmappedTensor.WithoutMap(entry.Path, module));
    }

    private ModelParameter Add(ModelModule module, BoundParameter bound)
    {
        var parameter = new ModelParameter(module.Prefix + bound.Entry.Name, module, bound, _positions++);
        if (!bound.Owner.IsThere(bound.Entry.Index)) return parameter;
        if (bound.Entry.Constants.FirstOrDefault(constant => !bound.Entry.Sources.Any(source => constant.Format is null || constant.Format == source.Format)) is { } alone)
            throw Contradiction(parameter, $"\"{alone.Part}\" is a constant beside sources{(alone.Format is null ? "" : $" of format \"{alone.Format}\"")}, of which there are none.");
        if (bound.Entry is { Absent: { } absent } entry && (entry.Sources.IsEmpty ? "no source: no tensor of it can stay away" : ConstantValue.Fault(absent, bound.ModelType)) is { } unfit)
            throw Contradiction(parameter, $"it is {absent} where it is absent, and {unfit}.");
        foreach (var group in bound.Entry.Sources.GroupBy(source => source.Format))
        {
            var format = new ParameterFormat(group.Key, Formats++);
            parameter.Formats.Add(format);
            if (_withTensors) Add(parameter, format, [.. group], module.Set.Axes);
        }
        return parameter;
    }

    private void Add(ModelParameter parameter, ParameterFormat format, CheckpointSource[] sources, ImmutableArray<Axis> axes)
    {
        var plan = Resolve(parameter, sources, axes);
        format.Constants = plan.Constants;
        if (!parameter.Bound.IsElsewhere && plan.Constants.Select(constant => ConstantValue.Fault(constant.Value, parameter.Bound.ModelType)).FirstOrDefault(fault => fault is not null) is { } unfit) throw Contradiction(parameter, $"{unfit}.");
        var (t, slot, shared) = (0, 0, new HashSet<ModelTensor>());
        foreach (var (s, source) in sources.Index())
        {
            // All tensors, those of other ranks too: they are neither unexpected nor missing here.
            var count = plan.Tensors.Skip(t).TakeWhile(tensor => tensor.SourceIndex == s).Count();
            var shape = plan.Tensors[t].Shape;
            var encoding = TensorEncoding.Of(source);
            if ((TensorEncoding.Fault(source) ?? encoding.Fault(shape)) is { } fault) throw Contradiction(parameter, $"{source.Name}: {fault}");
            var padding = Layout.PaddingOf(source.Pattern, axes.Select(axis => axis with { Held = AxisShare.All }));
            var (stored, companions) = (encoding.StoredShape(shape), Companions(parameter, format, source, encoding, axes));
            foreach (var (c, companion) in encoding.Companions.Index().Where(companion => companion.Item.Absent is not null)) format.Optional.Add([.. companions[c].Distinct().Select(name => Tensor(parameter, format, name))]);
            if (source.Joined is { } joined)
            {
                if (!encoding.HasParts || !companions.IsEmpty || !padding.IsEmpty) throw Contradiction(parameter, $"{source.Name}: shards that are joined hold plain elements; these are decoded with others, or padded.");
                Joined.Add(JoinedShards.Of(new TensorUse(Tensor: null!, parameter, format, parameter.Bound.IsElsewhere ? [] : plan.SlotsOf(t, ref slot), shape, stored, encoding, source.Cast, [], source), [.. plan.Rest.Where(rest => rest.Tensor == t)], axes, name => Tensor(parameter, format, name)));
                if (Joined[^1].IsEmpty) throw Contradiction(parameter, $"{source.Name} has no shards.");
                t++;
                foreach (var use in Joined[^1]) Enter(use);
                continue;
            }
            for (var i = 0; i < count; i++, t++)
            {
                var tensor = Tensor(parameter, format, plan.Tensors[t].Name);
                var beside = ImmutableArray.CreateBuilder<ModelTensor>(companions.Length);
                foreach (var names in companions) beside.Add(Tensor(parameter, format, names[i]));
                Enter(new TensorUse(tensor, parameter, format, parameter.Bound.IsElsewhere ? [] : plan.SlotsOf(t, ref slot), shape, stored, encoding, source.Cast, beside.MoveToImmutable(), source) { Padding = padding, Rest = Rest(t) });
            }

            ImmutableArray<(string Elements, IndexBox Box)> Rest(int tensor) =>
                plan.Rest.IsEmpty ? [] : [.. plan.Rest.Where(rest => rest.Tensor == tensor).Select(rest => (rest.Elements, TensorPart.BoxOf(rest.Region, shape)))];

            void Enter(TensorUse use)
            {
                var tensor = use.Tensor;
                if (parameter.Bound.IsElsewhere)
                {
                    if (use.Rows is not { Count: 0 }) format.Uses.Add(use);
                    return;
                }
                if (tensor.Uses.Count > 0 && tensor.Uses.Find(other => other.Parameter.Module != parameter.Module && other.Format.Name == format.Name && !(source.Shared && other.Source.Shared)) is { } other)
                    throw Contradiction(parameter, $"{tensor.Name}{(format.Name.Length > 0 ? $", of format \"{format.Name}\"," : "")} fills {other.Parameter.Bound} ({other.Parameter.Name}) already: two modules have one name there. Give one of them another with [CheckpointName].");
                tensor.Uses.Add(use);
                if (!use.Rest.IsEmpty) ReadInPart.Add(tensor);

                // One without an element may come, and is neither needed nor written.
                if (use.Rows is not { Count: 0 }) format.Uses.Add(use);
                foreach (var companion in use.Beside)
                {
                    // As of nearly all: a list would take room for four.
                    if (companion.Serves.Count == 0) companion.Serves.Capacity = 1;
                    companion.Serves.Add(use);
                }
                if (use.Slots.IsEmpty) return;
                format.Tensors.Add(tensor);
                foreach (var companion in use.Companions)
                {
                    if (shared.Add(companion)) format.Tensors.Add(companion);
                }
            }
        }
    }

    /// <summary>The names of the tensors beside those of a source, for each companion in their order.</summary>
    private ImmutableArray<ImmutableArray<string>> Companions(ModelParameter parameter, ParameterFormat format, CheckpointSource source, TensorEncoding encoding, ImmutableArray<Axis> axes)
    {
        if (encoding.Declared is not { } declared) return [];
        try
        {
            var (name, table) = (NamePattern.Parse(source.Name), new AxisTable(axes));
            foreach (var unread in declared.Unread.SelectMany(ending => Spelled(CompanionNames.Ending(source, declared, ending))).Distinct())
            {
                foreach (var known in parameter.Module.OtherPrefixes.Prepend(parameter.Module.Prefixes).Select(prefix => prefix.Of(format.Name) + unread).Distinct())
                {
                    if (!_unread.TryGetValue(known, out var formats)) _unread.Add(known, formats = new(1));
                    formats.Add(format);
                }
            }
            return [.. declared.Companions.Select(companion => Spelled(CompanionNames.Of(source, declared, companion)))];

            ImmutableArray<string> Spelled(string text) => CompanionNames.Spelled(name, NamePattern.Parse(text), table);
        }
        catch (Exception error) when (error is FormatException or LayoutException)
        {
            throw Contradiction(parameter, $"{source.Name}: {error.Message}", error);
        }
    }

    private static InvalidOperationException Contradiction(ModelParameter parameter, string fault, Exception? inner = null) =>
        new($"{parameter.Bound} ({parameter.Name}) cannot be laid out: {fault}", inner);

    /// <summary>What fills a parameter on a rank that holds some of the axes.</summary>
    /// <exception cref="InvalidOperationException">The declarations contradict each other.</exception>
    public static LayoutPlan Resolve(ModelParameter parameter, CheckpointSource[] sources, ImmutableArray<Axis> axes)
    {
        try
        {
            var entry = parameter.Bound.Entry;
            return Layout.Resolve(
                parameter.Bound.Storage,
                [.. sources.Select(source => new LayoutSource(source.Name, source.Pattern, source.Part) { Repeat = source.Repeat, Joined = source.Joined })],
                [.. entry.Constants.Where(constant => constant.Format is null || constant.Format == sources[0].Format).Select(constant => new LayoutConstant(constant.Part, constant.Value))],
                axes);
        }
        catch (LayoutException error)
        {
            throw Contradiction(parameter, error.Message, error);
        }
    }

    private ModelTensor Tensor(ModelParameter parameter, ParameterFormat format, string local)
    {
        var (module, name) = (parameter.Module, parameter.Module.Prefixes.Of(format.Name) + local);
        if (_tensors.TryGetValue(name, out var known) && !Ways.AreSeveral) return known;
        ImmutableArray<string> others = Ways.AreSeveral ? [.. module.OtherPrefixes.Select(prefix => prefix.Of(format.Name) + local)] : default;
        if (known is null) _tensors.Add(name, known = new ModelTensor(name, _tensors.Count) { OtherNames = others });
        else if (!others.AsSpan().SequenceEqual(known.OtherNames.AsSpan()))
            throw Contradiction(parameter, $"{name} is named by {known.Uses.Concat(known.Serves).First().Parameter.Bound} in the same way, but not in {Ways.Text(1UL << (others.Zip(known.OtherNames).TakeWhile(names => names.First == names.Second).Count() + 1))}. Give them names with [CheckpointName] that are the same in both, or different.");
        return known;
    }
}
