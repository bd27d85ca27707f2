using System.ComponentModel;
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
    public void Visit(string name, torch.nn.Module? child) => Visit(name, -1, child);

    /// <summary>Shows the items of a list, each under its position: <c>layers.3</c>.</summary>
    public void VisitEach<T>(string name, IEnumerable<T?>? list)
        where T : torch.nn.Module
    {
        switch (list)
        {
            case null:
                break;
            case IReadOnlyList<T?> items:
                for (var i = 0; i < items.Count; i++) Visit(name, i, items[i]);
                break;
            case IList<T?> items:
                for (var i = 0; i < items.Count; i++) Visit(name, i, items[i]);
                break;
            default:
                var position = 0;
                foreach (var item in list) Visit(name, position++, item);
                break;
        }
    }

    /// <summary>Shows what a dictionary of TorchSharp holds, each under its key: as a module it never sees what was put into it later.</summary>
    public void Visit<T>(string name, ModuleDict<T>? modules)
        where T : torch.nn.Module
    {
        if (modules is null) return;
        foreach (var (key, child) in (IEnumerable<(string, T)>)modules) Visit($"{name}.{key}", -1, child);
    }

    /// <param name="name">The name of the child, or of the list that it is in.</param>
    /// <param name="position">The position in the list; negative where it is in none.</param>
    /// <param name="child">The child, or null where there is none.</param>
    private protected abstract void Visit(string name, int position, torch.nn.Module? child);
}
