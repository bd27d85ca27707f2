using System.ComponentModel;
using Lanyard.Maps;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard;

/// <summary>Is shown the children of a module, one after another; called by generated code. Showing allocates nothing: it is done at the begin of each session.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ChildVisitor
{
    private protected ChildVisitor()
    {
    }

    /// <summary>Shows a child under its name in the checkpoint; null where the instance has none.</summary>
    public void Visit(string name, torch.nn.Module? child) => Visit(new ChildPlace(name), child);

    /// <inheritdoc cref="Visit(string, torch.nn.Module?)"/>
    /// <summary>Shows a child for which conventions or formats have names of their own, with the name under which it is registered.</summary>
    public void Visit(string name, torch.nn.Module? child, string registered) => Visit(new ChildPlace(name, Child: registered), child);

    /// <summary>Shows the items of a list, each under its position: <c>layers.3</c>.</summary>
    public void VisitEach<T>(string name, IEnumerable<T?>? list)
        where T : torch.nn.Module => Each(name, list, null);

    /// <inheritdoc cref="VisitEach{T}(string, IEnumerable{T})"/>
    /// <summary>Shows the items of a list for which conventions or formats have names of their own, with the name under which it is registered.</summary>
    public void VisitEach<T>(string name, IEnumerable<T?>? list, string registered)
        where T : torch.nn.Module => Each(name, list, registered);

    /// <inheritdoc cref="VisitEach{T}(string, IEnumerable{T})"/>
    /// <summary>Shows the items of a list under numbers of their own, with the name under which it is registered where conventions or formats have names of their own for it.</summary>
    public void VisitEach<T>(string name, IEnumerable<T?>? list, string? registered, ListNumbers numbers)
        where T : torch.nn.Module
    {
        // Numbers of what is not there say nothing.
        if (list is null) return;
        var count = 0;
        Each(name, list, registered, numbers, ref count);
        numbers.Check(count);
        if (numbers.Total is { } total) Visit(new ChildPlace(name, Child: registered), numbers, count, total);
    }

    /// <summary>Shows what a dictionary of TorchSharp holds, each under its key: as a module it never sees what was put into it later.</summary>
    public void Visit<T>(string name, ModuleDict<T>? modules)
        where T : torch.nn.Module => Each(name, modules, null);

    /// <inheritdoc cref="Visit{T}(string, ModuleDict{T})"/>
    /// <summary>Shows what a dictionary holds for which conventions or formats have names of their own, with the name under which it is registered.</summary>
    public void Visit<T>(string name, ModuleDict<T>? modules, string registered)
        where T : torch.nn.Module => Each(name, modules, registered);

    private protected abstract void Visit(ChildPlace place, torch.nn.Module? child);

    /// <summary>Shows a list of which other processes have more items, after those that are here.</summary>
    /// <param name="place">The list.</param>
    /// <param name="numbers">The numbers of its items.</param>
    /// <param name="count">How many are here.</param>
    /// <param name="total">How many there are.</param>
    private protected virtual void Visit(ChildPlace place, ListNumbers numbers, int count, int total)
    {
    }

    private void Each<T>(string name, IEnumerable<T?>? list, string? registered)
        where T : torch.nn.Module
    {
        var count = 0;
        Each(name, list, registered, default, ref count);
    }

    private void Each<T>(string name, IEnumerable<T?>? list, string? registered, ListNumbers numbers, ref int count)
        where T : torch.nn.Module
    {
        switch (list)
        {
            case null:
                break;
            case IReadOnlyList<T?> items:
                for (; count < items.Count; count++) Visit(new ChildPlace(name, numbers[count], Child: registered), items[count]);
                break;
            case IList<T?> items:
                for (; count < items.Count; count++) Visit(new ChildPlace(name, numbers[count], Child: registered), items[count]);
                break;
            default:
                foreach (var item in list) Visit(new ChildPlace(name, numbers[count++], Child: registered), item);
                break;
        }
    }

    private void Each<T>(string name, ModuleDict<T>? modules, string? registered)
        where T : torch.nn.Module
    {
        if (modules is null) return;
        foreach (var (key, child) in (IEnumerable<(string, T)>)modules) Visit(new ChildPlace(name, Key: key, Child: registered), child);
    }
}
