using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Memory;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard.Live;

/// <summary>What an update or an export changes in one module: new values in the properties, old ones put aside until the end.</summary>
/// <param name="module">The module.</param>
/// <param name="whole">Whether post-load makes values that it has not made before, since the module was never loaded, is torn, or lacked some.</param>
/// <param name="placed">Whether post-load may make values of other shapes than before, since the rank holds other indices.</param>
internal sealed class ModuleChange(ModelModule module, bool whole = false, bool placed = false)
{
    private readonly List<Aside> _aside = [];
    private Action? _fields;

    /// <summary>Puts a written tensor into its property, in the model layout.</summary>
    /// <param name="bound">The parameter.</param>
    /// <param name="value">The tensor.</param>
    /// <param name="form">How it lies in memory.</param>
    public void Bring(BoundParameter bound, Parameter value, TensorForm form)
    {
        if (ReferenceEquals(value, bound.Held)) return;
        PutAside(bound);
        module.Set.Restore(bound, value);
        bound.Set(value, [], form);
    }

    /// <summary>Runs a post-load method and returns its full name. What it makes and does not assign is disposed.</summary>
    public string Run(int method)
    {
        var entry = module.Set.Map.PostLoads[method];
        var written = entry.Writes.Select(i => module.Set[i]).Where(bound => bound.IsPresent).ToList();
        var derived = written.FindAll(bound => bound.Makers.Contains(entry.Method)).ConvertAll(bound => (Bound: bound, bound.Held));
        var unmade = written.FindAll(bound => bound is { Entry.Sources.IsEmpty: true, IsTransformed: false, IsForeign: false });
        Assigning(entry, () => module.Set.RunPostLoad(method));

        // Left as it was made of the weights before, it would be old beside new ones.
        if (derived.Find(before => ReferenceEquals(before.Bound.Held, before.Held)).Bound is { } left)
            throw new ModelStateException($"{module.Prefix}{entry.Method} ran, but did not assign {left} as it did before: it is still what was made of other weights. A post-load method must do the same each time.");

        // No tensor and no other method makes it: its memory would hold anything.
        if (unmade.Find(bound => !bound.IsTransformed) is { } never)
            throw new ModelStateException($"{module.Prefix}{entry.Method} ran, but did not assign {never}, which nothing else makes. Assign it on every way through the method, or say with When = ... which instances have it.");
        return module.Prefix + entry.Method;
    }

    /// <summary>Runs the method that undoes a post-load method. What it makes and does not assign is disposed.</summary>
    public void RunBackwards(int method) => Assigning(module.Set.Map.PostLoads[method], () => module.Set.UndoPostLoad(method));

    private void Assigning(PostLoadEntry entry, Action method)
    {
        _fields ??= module.Set.Remember();
        var before = entry.Writes.Select(i => module.Set[i]).Where(bound => bound.IsPresent).ToList();
        foreach (var bound in before) PutAside(bound);
        var values = before.ConvertAll(bound => bound.Held);
        try
        {
            // In no inference mode, since what is made there cannot be written to by a refit outside of it.
            using (torch.inference_mode(false))
            using (torch.no_grad())
            using (torch.NewDisposeScope()) method();

            // A helper that was given a tensor may have done to it what no rule follows.
            LiveForms.Check(module);
        }
        finally
        {
            // What the method replaced, its own values among it. Even if it failed: the undo knows only what is there now.
            foreach (var value in values.Concat(module.Set.Assigned))
            {
                if (!before.Exists(bound => ReferenceEquals(bound.Held, value)) && !_aside.Exists(aside => ReferenceEquals(aside.Value, value))) value.Dispose();
            }
            module.Set.Assigned.Clear();
        }
    }

    /// <summary>Checks that every new value fits into the live storage, so that no address moves, and can be live storage itself.</summary>
    /// <exception cref="ModelStateException">A post-load method made another shape, type or layout than before, or elements that share memory.</exception>
    public void CheckLayout() => _aside.ForEach(CheckLayout);

    /// <summary>Moves new values into the live storage, or adopts them as the live storage where a first load made it.</summary>
    /// <param name="settled">Which parameters; those must have passed <see cref="CheckLayout()"/>.</param>
    /// <param name="copies">Where copies between addresses are added, and the values to dispose after them.</param>
    public void Finish(Predicate<BoundParameter> settled, ValueMoves copies)
    {
        foreach (var aside in _aside.FindAll(aside => settled(aside.Bound))) Finish(aside, copies);
        _aside.RemoveAll(aside => settled(aside.Bound));
    }

    /// <summary>Checks and moves the values of some parameters right away.</summary>
    /// <inheritdoc cref="CheckLayout()" path="/exception"/>
    public void Finish(Predicate<BoundParameter> settled)
    {
        _aside.FindAll(aside => settled(aside.Bound)).ForEach(CheckLayout);
        using var copies = new ValueMoves();
        Finish(settled, copies);
        copies.Run();
    }

    /// <summary>Puts the old values back, and the fields that post-load methods assigned, as if nothing had happened. Does nothing once the change is finished.</summary>
    public void Undo()
    {
        foreach (var (bound, old, form, _, makers, type) in _aside)
        {
            var value = bound.Held;
            if (ReferenceEquals(value, old)) continue;
            module.Set.Restore(bound, old);
            bound.Set(old, makers, form, type);
            value.Dispose();
        }
        _aside.Clear();
        _fields?.Invoke();
        _fields = null;
    }

    // Of its layout nothing can be said: a declared kernel layout is one before post-load and after.
    private bool Adopts(Aside aside) => whole && aside.Bound.IsTransformed && (aside.Makers.IsEmpty || (placed && !aside.Form.Takes(aside.Bound.Form!)));

    private void PutAside(BoundParameter bound)
    {
        if (!_aside.Exists(aside => ReferenceEquals(aside.Bound, bound))) _aside.Add(new Aside(bound, bound.Held, bound.Form!, bound.Layout, bound.Makers, bound.ModelType));
    }

    private void CheckLayout(Aside aside)
    {
        var (bound, old, value) = (aside.Bound, aside.Value, aside.Bound.Held);
        if (ReferenceEquals(value, old)) return;
        if (Adopts(aside))
        {
            if (bound.Form!.MayOverlap)
                throw new ModelStateException($"{bound} was made by {bound.MadeBy} as {bound.Form}: elements of it share memory, as expand makes them, so that no refit could write to it. Give it elements of its own, with contiguous(); or keep the small tensor and expand it in forward.");
            return;
        }
        LiveForms.Check(module, bound, aside.Form, old);
        if (aside.Layout != bound.Layout || !aside.Form.Takes(bound.Form!))
        {
            throw new ModelStateException(
                $"{bound} is live in the {aside.Layout} layout as {aside.Form}, but {bound.MadeBy ?? "the refit"} made {bound.Form} in the {bound.Layout} layout: its storage would move. A post-load method must make the same shape and type each time.");
        }
    }

    private void Finish(Aside aside, ValueMoves copies)
    {
        var (bound, old, value) = (aside.Bound, aside.Value, aside.Bound.Held);
        if (ReferenceEquals(value, old)) return;
        if (Adopts(aside))
        {
            old.Dispose();
            return;
        }
        copies.Add(value, bound.Form!, old, aside.Form);
        module.Set.Restore(bound, old);
        bound.Set(old, bound.Makers, aside.Form);
    }

    private readonly record struct Aside(BoundParameter Bound, Parameter Value, TensorForm Form, ParameterLayout Layout, ImmutableArray<string> Makers, torch.ScalarType ModelType);
}
