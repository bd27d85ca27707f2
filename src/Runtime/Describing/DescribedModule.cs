using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Maps;
using TorchSharp;

namespace Lanyard.Describing;

/// <summary>A module as a text shows it. What its own code throws while it is read is kept, for a model that is half made is shown too.</summary>
internal sealed class DescribedModule
{
    private readonly List<DescribedModule> _children = [];
    private readonly DescribedModule? _parent;

    private DescribedModule(DescribedModule? parent, string label, ModulePrefix prefix, torch.nn.Module? module, ParameterSet? set)
    {
        (_parent, Label, Prefix, Module, Set) = (parent, label, prefix, module, set);
        try
        {
            if (IsAbove(parent)) Fault = "the module is above itself";
            else if (set is not null) set.VisitChildren(new Reader(this));
            else if (module is not null) ReadUnmapped(module);
        }
        catch (Exception e)
        {
            Fault = e.Message;
        }
    }

    /// <summary>The name below the parent, in checkpoints that have no other for it: <c>layers.3</c>.</summary>
    public string Label { get; }

    /// <summary>What stands before its names in checkpoints.</summary>
    public ModulePrefix Prefix { get; }

    /// <summary>The module; null for a root, of which the parameters are all that is asked.</summary>
    public torch.nn.Module? Module { get; }

    /// <summary>Its parameters; null where its class has no map.</summary>
    public ParameterSet? Set { get; }

    /// <summary>What is below it, in order.</summary>
    public IReadOnlyList<DescribedModule> Children => _children;

    /// <summary>The parameters of a class without a map, each with its form.</summary>
    public IReadOnlyList<string> Unmapped { get; private set; } = [];

    /// <summary>Whether its class has no map and no names for what it holds.</summary>
    public bool IsNameless { get; private set; }

    /// <summary>Why what is below it cannot be told, or null.</summary>
    public string? Fault { get; }

    /// <summary>The name of its class.</summary>
    public string Type => Set?.Map.Type ?? Module!.GetType().Name;

    /// <summary>The module of a root.</summary>
    public static DescribedModule Of(IParameterModule root) => new(null, "", ModulePrefix.Root, null, root.Parameters);

    /// <summary>The axes as they are now.</summary>
    /// <param name="topology">What the tree says of the rank.</param>
    /// <param name="fault">Why they cannot be told.</param>
    public ImmutableArray<Axis>? Axes(Topology topology, out string? fault)
    {
        fault = null;
        try
        {
            // Not those that the set remembers before its parameters are made: a constructor may be at work, and has another size in the end.
            return Set!.IsMade ? Set.Axes : Set.SharesIn(topology);
        }
        catch (Exception e)
        {
            fault = e.Message;
            return null;
        }
    }

    private bool IsAbove(DescribedModule? above)
    {
        for (; above is not null; above = above._parent)
        {
            if (Set is null ? ReferenceEquals(above.Module, Module) : ReferenceEquals(above.Set, Set)) return true;
        }
        return false;
    }

    private void ReadUnmapped(torch.nn.Module module)
    {
        var reader = new Reader(this);
        Unmapped = [.. module.named_parameters(recurse: false).Select(parameter => $"{parameter.name}: {FormText.Of(parameter.parameter.dtype, parameter.parameter.shape)}")];
        foreach (var (name, child) in module.named_children())
        {
            // "<Mlp>k__BackingField", by which TorchSharp calls what a property holds.
            IsNameless |= name.StartsWith('<');
            reader.Visit(name.StartsWith('<') ? name[1..].Split('>')[0] : name, child);
        }
    }

    private sealed class Reader(DescribedModule parent) : ChildVisitor
    {
        private protected override void Visit(ChildPlace place, torch.nn.Module? child)
        {
            if (child is null) return;
            var label = place.Below("", place.Name)[..^1];
            parent._children.Add(new DescribedModule(parent, label, parent.Prefix.Child(place, parent.Set?.Map, NamingWay.Usual), child, (child as IParameterModule)?.Parameters));
        }
    }
}
