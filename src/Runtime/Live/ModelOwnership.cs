using Lanyard.Index;
using Lanyard.Maps;

namespace Lanyard.Live;

/// <summary>Lets one load, refit or export at a time own a module.</summary>
internal static class ModelOwnership
{
    /// <exception cref="ModelStateException">
    /// Another one owns a module of the tree; or a tensor is not what the books say. The tree is compared where an index is asked for.
    /// </exception>
    /// <exception cref="ObjectDisposedException">A module was disposed.</exception>
    public static void Take(ModelIndex index, ModelSession session)
    {
        lock (ModelSession.Gate)
        {
            foreach (var module in index.Modules)
            {
                module.Set.CheckNotDisposed();
                if (module.Set.Session is { } other)
                    throw new ModelStateException($"{module.Set.Map.Type} belongs to {other} and has not ended: wait for it, or commit or dispose that session first.");
            }
            foreach (var module in index.Modules) module.Set.Session = session;
        }
        try
        {
            // Again: who disposes of a model marks it first, and looks for sessions then.
            foreach (var module in index.Modules) module.Set.CheckNotDisposed();
            LiveForms.Check(index);
            Overlaps.Check(index);
        }
        catch
        {
            Release(index, session);
            throw;
        }
    }

    public static void Release(ModelIndex index, ModelSession session)
    {
        lock (ModelSession.Gate)
        {
            foreach (var module in index.Modules)
            {
                if (ReferenceEquals(module.Set.Session, session)) module.Set.Session = null;
            }
            session.HasEnded = true;
        }
    }
}
