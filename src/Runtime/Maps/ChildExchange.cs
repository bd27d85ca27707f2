using System.ComponentModel;
using System.Globalization;
using Lanyard.Maps;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard;

/// <summary>
/// Asks for each child of a tree whether another takes its place, and puts it there: called by generated code, which knows the properties. Everything is asked
/// and compared before anything is changed.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ChildExchange
{
    private readonly Func<string, torch.nn.Module, torch.nn.Module?> _replacement;
    private readonly Dictionary<ParameterSet, string> _known = [];
    private readonly List<ExchangeProblem> _problems = [];
    private readonly List<(Action Do, Action Undo)> _changes = [];
    private readonly List<(ParameterSet? Old, ParameterSet New, ParameterSet Parent)> _places = [];
    private readonly HashSet<ParameterSet> _parents = [];
    private ParameterSet _parent;
    private string _path = "";

    private ChildExchange(ParameterSet root, Func<string, torch.nn.Module, torch.nn.Module?> replacement) => (_parent, _replacement) = (root, replacement);

    /// <exception cref="ExchangeException">Lists every child that cannot be exchanged.</exception>
    /// <exception cref="ModelStateException">The model is loaded, or being loaded.</exception>
    internal static void Run(ParameterSet root, Func<string, torch.nn.Module, torch.nn.Module?> replacement)
    {
        if (ContextTree.Sets(root).Select(place => place.Set).FirstOrDefault(set => set.State != ModelState.Building || set.Session is not null) is { } set)
            throw new ModelStateException($"{set.Map.Type} is loaded already, or being loaded: exchange children after the constructor and before the first load.");
        var exchange = new ChildExchange(root, replacement);
        exchange.Enter("", root);
        if (exchange._problems.Count > 0) throw new ExchangeException(root.Map.Type, [.. exchange._problems]);
        exchange.Change();
    }

    /// <summary>Asks for the child of a property.</summary>
    public void Child<T>(string name, string property, T? child, Action<T>? set)
        where T : torch.nn.Module
    {
        var place = new ChildPlace(name);
        if (child is null || Asked(place, child) is not { } other) return;
        if (set is null) Refuse(place, child, Settable(property), "a property without one");
        else if (Fitting<T>(place, child, other) is { } fitting) Add(() => set(fitting), () => set(child));
    }

    /// <summary>Asks for the items of a module list. It goes on to register what it held first, so that another takes its place.</summary>
    public void Each<T>(string name, string property, ModuleList<T>? list, Action<ModuleList<T>>? set, ListNumbers numbers = default)
        where T : torch.nn.Module
    {
        if (list is null) return;
        var items = list.ToArray();
        for (var i = 0; i < items.Length; i++)
        {
            var place = new ChildPlace(name, numbers[i]);
            if (Asked(place, items[i]) is not { } other) continue;
            if (set is null) Refuse(place, items[i], Settable(property), "a property without one");
            else if (Fitting<T>(place, items[i], other) is { } fitting) items[i] = fitting;
        }
        if (set is not null && !items.SequenceEqual(list, ReferenceEqualityComparer.Instance)) Add(() => set(new ModuleList<T>(items)), () => set(list));
    }

    /// <summary>Asks for the items of any other list.</summary>
    public void Each<T>(string name, string property, IEnumerable<T?>? list, ListNumbers numbers = default)
        where T : torch.nn.Module
    {
        var count = 0;
        foreach (var child in list ?? [])
        {
            var (i, place) = (count, new ChildPlace(name, numbers[count++]));
            if (child is null || Asked(place, child) is not { } other) continue;
            if (list is not (T?[] or IList<T?> { IsReadOnly: false })) Refuse(place, child, $"{_parent.Map.Type}.{property} to be an array or a list that can be written", "one that cannot");
            else if (Fitting<T>(place, child, other) is { } fitting) Add(() => ((IList<T?>)list)[i] = fitting, () => ((IList<T?>)list)[i] = child);
        }
    }

    private string Settable(string property) => $"{_parent.Map.Type}.{property} to have a setter, {{ get; private set; }}";

    /// <summary>What takes the place of a child; null for itself, whose own children are asked for then.</summary>
    private torch.nn.Module? Asked(ChildPlace place, torch.nn.Module child)
    {
        var path = place.Below(_path, place.Name);
        if (_replacement(path.TrimEnd('.'), child) is { } other && !ReferenceEquals(other, child)) return other;
        Enter(path, child);
        return null;
    }

    private void Enter(string path, torch.nn.Module child)
    {
        if (child is IParameterModule { Parameters: var set })
        {
            Enter(path, set);
            return;
        }
        var before = _path;
        _path = path;
        foreach (var (name, below) in child.named_children())
        {
            var place = new ChildPlace(name);
            if (Asked(place, below) is not null) Refuse(place, below, $"a property of a class with [ParameterModule]", $"an item of a {Text(child.GetType())}");
        }
        _path = before;
    }

    private void Enter(string path, ParameterSet set)
    {
        Know(path, set);
        var before = (_parent, _path);
        (_parent, _path) = (set, path);
        set.ExchangeChildren(this);
        (_parent, _path) = before;
    }

    private void Know(string path, ParameterSet set)
    {
        if (!_known.TryAdd(set, path)) _problems.Add(new ExchangeProblem(path.TrimEnd('.'), "a module for each place", $"{set.Map.Type}, which is \"{_known[set].TrimEnd('.')}\", too"));
    }

    /// <summary>The module, where it may stand there.</summary>
    private T? Fitting<T>(ChildPlace place, torch.nn.Module child, torch.nn.Module other)
        where T : torch.nn.Module
    {
        var (path, old, before) = (place.Below(_path, place.Name), (child as IParameterModule)?.Parameters, _problems.Count);
        if (other is not T fitting)
        {
            Refuse(place, child, $"a {Text(typeof(T))}", $"a {Text(other.GetType())}");
            return null;
        }
        if (other is IParameterModule { Parameters: var set })
        {
            foreach (var (below, each) in ContextTree.Sets(set))
            {
                Know(path + below, each);
                if (each.State != ModelState.Building || each.Session is not null) Refuse(place, child, "a module that was never loaded", $"a {each.Map.Type} that was");
            }
            foreach (var held in old?.Where(parameter => parameter.HasStages) ?? [])
            {
                if (set.FirstOrDefault(parameter => parameter.Entry.Property == held.Entry.Property) is not { HasStages: true })
                    Refuse(place, child, $"a parameter {held.Entry.Property} of which OnStages says who holds it, as of the one before", "none");
            }
            _places.Add((old, set, _parent));
        }
        else if (old is { IsLayer: true })
        {
            Refuse(place, child, "a class with [ParameterModule], since stages share the layers", $"a {Text(other.GetType())}");
        }
        return _problems.Count == before ? fitting : null;
    }

    private void Refuse(ChildPlace place, torch.nn.Module child, string expected, string found) =>
        _problems.Add(new ExchangeProblem(place.Below(_path, place.Name).TrimEnd('.'), expected, $"{found} (now a {Text(child.GetType())})"));

    private void Add(Action change, Action undo)
    {
        _changes.Add((change, undo));
        _parents.Add(_parent);
    }

    private void Change()
    {
        var done = 0;
        try
        {
            foreach (var (change, _) in _changes)
            {
                change();
                done++;
            }
        }
        catch
        {
            // A setter is the author's code.
            while (done-- > 0) _changes[done].Undo();
            throw;
        }
        foreach (var (old, set, parent) in _places) set.TakePlaceOf(old, parent);
        foreach (var parent in _parents) parent.RegisterChildren();
    }

    private static string Text(Type type) => !type.IsGenericType ? type.Name : string.Create(CultureInfo.InvariantCulture, $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Text))}>");
}
