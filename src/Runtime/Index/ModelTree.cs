using Lanyard.Maps;
using TorchSharp;

namespace Lanyard.Index;

/// <summary>
/// The modules of a tree, in the order in which they were read. A list may grow and a child may be replaced without anybody being told,
/// so the tree is compared with what was read whenever a session begins or ends.
/// </summary>
internal sealed class ModelTree
{
    private readonly List<TreeEntry> _entries = [];
    private readonly List<ListEntry> _lists = [];
    private readonly HashSet<ParameterSet> _known = [];
    private readonly ParameterSet _root;
    private readonly Comparison _comparison;
    private readonly int _parameters;

    /// <exception cref="InvalidOperationException">One module is in two places; or two modules are of different ranks.</exception>
    public ModelTree(ParameterSet root)
    {
        ContextTree.Settle(root);
        _root = root;
        _comparison = new Comparison(this);
        _known.Add(root);
        _parameters = Present(root);
        root.VisitChildren(new Reader(this, -1, ModulePrefix.Root, root.Map));
    }

    /// <summary>Every place below the root, parents first.</summary>
    public IReadOnlyList<TreeEntry> Entries => _entries;

    /// <summary>The lists of which other processes have more items.</summary>
    public IReadOnlyList<ListEntry> Lists => _lists;

    /// <summary>Whether the tree is still what was read. Nothing is allocated but for modules that are without a map.</summary>
    public bool IsCurrent()
    {
        lock (_comparison) return _comparison.Run();
    }

    /// <summary>What a later reading of the tree has otherwise, for messages.</summary>
    public string Difference(ModelTree later)
    {
        var (before, now) = (ByPath(this), ByPath(later));
        var parts = new[]
        {
            ("added", now.Where(place => before.GetValueOrDefault(place.Key) is null)),
            ("gone", before.Where(place => now.GetValueOrDefault(place.Key) is null)),
            ("replaced", now.Where(place => before.GetValueOrDefault(place.Key) is { } old && !ReferenceEquals(old, place.Value))),
        };
        var text = string.Join("; ", parts.Select(part => (part.Item1, Names: NameFolding.Shown(part.Item2.Select(place => place.Key)))).Where(part => part.Names.Count > 0).Select(part => $"{part.Item1}: {string.Join(", ", part.Names)}"));
        return text.Length > 0 ? text : "other optional parameters, or another placement of experts";

        static Dictionary<string, torch.nn.Module> ByPath(ModelTree tree) =>
            tree._entries.Where(entry => entry.Module is not null).DistinctBy(entry => entry.Path).ToDictionary(entry => entry.Path, entry => entry.Module!);
    }

    private static int ParametersOf(torch.nn.Module? module) => module switch
    {
        null => 0,
        IParameterModule known => Present(known.Parameters),
        _ => module.named_parameters(recurse: false).Count(),
    };

    private static int Present(ParameterSet set)
    {
        var present = set.Created;
        for (var i = 0; i < set.Count; i++) present = (present * 31) + (set[i].IsPresent ? 1 : 2);
        for (var i = 0; i < set.Map.Ignores.Length; i++) present = set.Leaves(i).Aggregate((present * 31) + 1, static (hash, pattern) => (hash * 31) + pattern.GetHashCode(StringComparison.Ordinal));
        return present;
    }

    private sealed class Reader(ModelTree tree, int position, ModulePrefix parent, ModuleMap? map) : ChildVisitor
    {
        private protected override void Visit(ChildPlace place, torch.nn.Module? child)
        {
            var prefix = parent.Child(place, map, NamingWay.Usual);
            if (child is IParameterModule { Parameters: var set } && !tree._known.Add(set))
            {
                var first = ReferenceEquals(set, tree._root) ? "" : tree._entries.Find(entry => ReferenceEquals(entry.Module, child)).Prefix.Default;
                throw new InvalidOperationException($"{set.Map.Type} is one module in two places, \"{first}\" and \"{prefix.Default}\": a load would write the tensors of both into the same parameters. Make a module for each; what is to run several times is one child, which forward calls as often.");
            }
            tree._entries.Add(new TreeEntry(position, prefix, place, child, ParametersOf(child)));
            if (child is not null) ModuleChildren.Visit(child, new Reader(tree, tree._entries.Count - 1, prefix, (child as IParameterModule)?.Parameters.Map));
        }

        private protected override void Visit(ChildPlace place, ListNumbers numbers, int count, int total) =>
            tree._lists.Add(new ListEntry(position, place, [.. Enumerable.Range(0, count).Select(item => numbers[item])], total));
    }

    private sealed class Comparison(ModelTree tree) : ChildVisitor
    {
        private int _next;
        private int _nextList;
        private bool _same;

        public bool Run()
        {
            (_next, _nextList, _same) = (0, 0, Present(tree._root) == tree._parameters);
            tree._root.VisitChildren(this);
            return _same && _next == tree._entries.Count && _nextList == tree._lists.Count;
        }

        private protected override void Visit(ChildPlace place, torch.nn.Module? child)
        {
            if (!_same) return;
            _same = _next < tree._entries.Count && tree._entries[_next] is var entry && ReferenceEquals(entry.Module, child) && entry.Place == place && entry.Parameters == ParametersOf(child);
            _next++;
            if (_same && child is not null) ModuleChildren.Visit(child, this);
        }

        private protected override void Visit(ChildPlace place, ListNumbers numbers, int count, int total)
        {
            if (!_same) return;

            // The numbers of items that are here were compared with their places.
            _same = _nextList < tree._lists.Count && tree._lists[_nextList] is var list && list.Place == place && (list.Held.Length, list.Total) == (count, total);
            _nextList++;
        }
    }
}
