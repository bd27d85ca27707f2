using System.ComponentModel;
using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace Lanyard;

/// <summary>
/// Called by the generated <c>RegisterComponents</c>: what TorchSharp does once with the fields of a module, done with its
/// properties as often as wanted.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ModuleChildren
{
    /// <summary>Registers the module that a property holds now, and forgets the one that it held before.</summary>
    public static void Register(torch.nn.Module parent, OrderedDict<string, torch.nn.Module> registered, string name, torch.nn.Module? child)
    {
        if (registered.TryGetValue(name, out var known))
        {
            if (ReferenceEquals(known, child)) return;
            registered.Remove(name);
        }
        if (child is not null) parent.register_module(name, child);
    }

    /// <summary>Registers a module list with all that it holds now; by itself it never sees what was added after the first time.</summary>
    public static void Register<T>(torch.nn.Module parent, OrderedDict<string, torch.nn.Module> registered, string name, ModuleList<T>? list)
        where T : torch.nn.Module
    {
        Register(parent, registered, name, (torch.nn.Module?)list);
        if (list is null) return;
        var count = 0;
        foreach (var (_, child) in list.named_children())
        {
            if (count >= list.Count || !ReferenceEquals(child, list[count])) throw new InvalidOperationException($"{name}.{count} was replaced or taken out of a ModuleList, which goes on to register what it held before: make a new list.");
            count++;
        }
        for (var i = count; i < list.Count; i++) list.register_module(i.ToString(CultureInfo.InvariantCulture), list[i]);
    }

    /// <summary>
    /// Registers the items of a list that is no module itself: <c>layers_0</c> and so on, for TorchSharp allows no dot in the name
    /// of a module.
    /// </summary>
    public static void RegisterEach(torch.nn.Module parent, OrderedDict<string, torch.nn.Module> registered, string name, IEnumerable<torch.nn.Module?>? list)
    {
        var count = 0;
        foreach (var item in list ?? []) Register(parent, registered, Item(count++), item);
        while (registered.ContainsKey(Item(count))) registered.Remove(Item(count++));

        string Item(int index) => string.Create(CultureInfo.InvariantCulture, $"{name}_{index}");
    }

    /// <summary>Shows the children of a module, whether or not it has a map.</summary>
    internal static void Visit(torch.nn.Module module, ChildVisitor visitor)
    {
        if (module is IParameterModule known) known.Parameters.VisitChildren(visitor);
        else foreach (var (name, child) in module.named_children()) visitor.Visit(name, child);
    }
}
