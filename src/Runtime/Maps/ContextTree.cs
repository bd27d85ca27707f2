using TorchSharp;
using Axes = System.Collections.Immutable.ImmutableArray<Lanyard.Layouts.Axis>;

namespace Lanyard.Maps;

/// <summary>The modules of a tree, on their way to one context: whoever was told nothing has that of the others, and no two have different ones.</summary>
internal sealed class ContextTree : ChildVisitor
{
    private readonly List<Member> _members = [];
    private readonly HashSet<ParameterSet> _known = [];
    private int _parent = -1;
    private string _path = "";

    private ContextTree(ParameterSet root) => Add(root, "");

    /// <summary>Makes the parameters of all modules of a tree that have none yet.</summary>
    /// <param name="root">The root, or a module that is used by itself.</param>
    /// <exception cref="ModelStateException">Two modules are of different ranks; or one was told one thing, and another another.</exception>
    /// <exception cref="ArgumentException">The topology does not divide an axis, or would leave elements on no rank.</exception>
    public static void Settle(ParameterSet root)
    {
        var contexts = Told(root);
        var tree = root.Tree ?? new object();
        var open = new List<(ParameterSet Set, ModelContext Context, Axes Axes)>();
        var wrong = new List<string>();
        foreach (var (set, context) in contexts)
        {
            if (set.IsMade) continue;
            set.Tell(context.KernelLayouts);
            try
            {
                open.Add((set, context, set.SharesIn(context.Topology)));
            }
            catch (ArgumentException exception)
            {
                if (!wrong.Contains(exception.Message)) wrong.Add(exception.Message);
            }
        }
        if (wrong.Count > 0)
        {
            foreach (var (set, _) in contexts.Where(static told => !told.Set.IsMade)) set.Forget();
            throw new ArgumentException(string.Join(" ", wrong));
        }
        try
        {
            using var memory = ParameterMemory.Of(open);
            foreach (var (set, context, axes) in open) set.Settle(context, axes, memory);
        }
        catch
        {
            foreach (var (set, _) in contexts.Where(static told => !told.Set.IsMade)) set.Forget();
            throw;
        }
        foreach (var (set, _) in contexts)
        {
            set.Tree = tree;
            set.RegisterChildren();
        }
    }

    /// <summary>What each module of a tree has, or would have if its parameters were made now; parents first.</summary>
    /// <param name="root">The root.</param>
    /// <exception cref="ModelStateException">As for <see cref="Settle"/>.</exception>
    public static IReadOnlyList<(ParameterSet Set, ModelContext Context)> Told(ParameterSet root)
    {
        var members = new ContextTree(root)._members;
        var context = Context(members);
        var told = new (ParameterSet Set, ModelContext Context)[members.Count];
        for (var i = 0; i < told.Length; i++)
        {
            // A part that was added to a model after it was converted is as its parent is now.
            var (_, parent, set) = members[i];
            var around = parent < 0 ? context : told[parent].Context;
            told[i] = (set, new ModelContext(set.TopologyWithin(around.Topology), set.IsMade ? set.Said.Type!.Value : around.Type, set.IsMade ? set.Said.Device! : around.Device, set.IsMade ? set.Said.KernelLayouts!.Value : around.KernelLayouts, set.IsMade ? set.Allocator : around.Allocator));
        }
        return told;
    }

    /// <summary>The modules of a tree with annotated classes, parents first, with their paths.</summary>
    public static IEnumerable<(string Path, ParameterSet Set)> Sets(ParameterSet root) => new ContextTree(root)._members.Select(member => (member.Path, member.Set));

    private protected override void Visit(ChildPlace place, torch.nn.Module? child)
    {
        if (child is null) return;
        var (parent, path) = (_parent, _path);
        _path = place.Below(path, place.Name);
        if (child is not IParameterModule { Parameters: var set }) ModuleChildren.Visit(child, this);
        else if (!_known.Contains(set)) Add(set, _path);
        (_parent, _path) = (parent, path);
    }

    private void Add(ParameterSet set, string path)
    {
        _known.Add(set);
        if (_parent >= 0) set.Neighbours.AddAbove(_members[_parent].Set);
        _members.Add(new Member(path, _parent, set));
        _parent = _members.Count - 1;
        set.VisitChildren(this);
    }

    /// <summary>What the tree has in common: what the first says who was told, the root before all others.</summary>
    private static ModelContext Context(List<Member> members)
    {
        var root = members[0].Set;
        var topology = members.Find(member => member.Set.Said.Topology is not null);
        var type = members.Find(member => member.Set.Said.Type is not null);
        var device = members.Find(member => member.Set.Said.Device is not null);
        var layouts = members.Find(member => member.Set.Said.KernelLayouts is not null);
        var allocator = members.Find(member => member.Set.Allocator is not null);
        var context = new ModelContext(
            root.Said.Topology ?? topology?.Set.Said.Topology!.OnAllStages ?? ModelContext.Default.Topology,
            type?.Set.Said.Type ?? ModelContext.Default.Type,
            device?.Set.Said.Device ?? ModelContext.Default.Device,
            layouts?.Set.Said.KernelLayouts ?? ModelContext.Default.KernelLayouts,
            allocator?.Set.Allocator);
        foreach (var member in members)
        {
            // What was converted by itself since the tree was put together may differ from the rest; that two ranks are in one tree is never right.
            var isKnown = member.Set.Tree is { } tree && ReferenceEquals(tree, root.Tree);
            var (who, what, own) = member.Set.Said switch
            {
                { Topology: { } other } when !context.IsOfSameRank(other) => (topology, context.Holds, ModelContext.HoldsOf(other)),
                { Type: { } other } when !isKnown && other != context.Type => (type, context.Type.ToString(), other.ToString()),
                { Device: { } other } when !isKnown && !context.IsOn(other) => (device, context.Device.ToString(), other.ToString()),
                { KernelLayouts: { } other } when other != context.KernelLayouts => (layouts, ModelContext.LayoutsOf(context.KernelLayouts), ModelContext.LayoutsOf(other)),
                _ when context.Allocator is not null && (member.Set.IsMade || member.Set.Allocator is not null) && member.Set.Allocator != context.Allocator => (allocator, ModelContext.MemoryOf(context.Allocator), ModelContext.MemoryOf(member.Set.Allocator)),
                _ => default,
            };
            if (who is null) continue;
            throw new ModelStateException(
                $"All modules of a tree are of one rank, one type and one device, in memory that one function makes, but {who.Name} has {what} and {member.Name} has {own}{(member.Set.WasAsked ? ", because its parameters were used before the tree around it said otherwise" : "")}. " +
                "Say it once: call CreateParameters(topology, type, device) in the constructor of the root, after its children were made, and in the others CreateParameters() or nothing. A parameter of another type says so with [Parameter(Type = ...)].");
        }
        return context;
    }

    private sealed record Member(string Path, int Parent, ParameterSet Set)
    {
        public string Name => Path.Length == 0 ? Set.Map.Type : $"{Set.Map.Type} \"{Path.TrimEnd('.')}\"";
    }
}
