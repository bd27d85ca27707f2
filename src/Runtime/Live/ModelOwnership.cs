using Lanyard.Index;

namespace Lanyard.Live;

/// <summary>Lets one load, refit or export at a time own a module.</summary>
internal static class ModelOwnership
{
    private static readonly Lock Gate = new();

    /// <exception cref="ModelStateException">
    /// Another one owns a module of the tree; or the tree, or a tensor, is not what the books say.
    /// </exception>
    public static void Take(ModelIndex index, object owner)
    {
        lock (Gate)
        {
            foreach (var module in index.Modules)
            {
                if (module.Set.Session is not null)
                    throw new ModelStateException($"{module.Set.Map.Type} is being loaded, refitted or exported already: wait for that, or commit or dispose the session first.");
            }
            foreach (var module in index.Modules) module.Set.Session = owner;
        }
        try
        {
            index.CheckTree();
            LiveForms.Check(index);
            Overlaps.Check(index);
        }
        catch
        {
            Release(index, owner);
            throw;
        }
    }

    public static void Release(ModelIndex index, object owner)
    {
        lock (Gate)
        {
            foreach (var module in index.Modules)
            {
                if (ReferenceEquals(module.Set.Session, owner)) module.Set.Session = null;
            }
        }
    }
}
