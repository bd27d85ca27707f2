using Lanyard.Index;
using Lanyard.Maps;
using Lanyard.Memory;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard.Live;

/// <summary>
/// What an update or an export changes in one module. New values are kept beside the live ones, for the methods that run here alone, until
/// <see cref="Finish(Predicate{BoundParameter}, ValueMoves)"/>.
/// </summary>
/// <param name="module">The module.</param>
/// <param name="whole">Whether post-load makes values that it has not made before, since the module was never loaded, is torn, or lacked some.</param>
/// <param name="placed">Whether post-load may make values of other shapes than before, since the rank holds other indices.</param>
/// <param name="under">Values that are taken for the live ones, or null.</param>
internal sealed class ModuleChange(ModelModule module, bool whole = false, bool placed = false, PendingValues? under = null)
{
    private Action? _fieldsBefore;
    private Action? _fieldsAfter;
    private bool _isFieldsAside;

    /// <summary>The values as they are here.</summary>
    public PendingValues Values { get; } = new(module.Set, under);

    /// <summary>Brings a written tensor, in the model layout.</summary>
    /// <param name="bound">The parameter.</param>
    /// <param name="value">The tensor.</param>
    /// <param name="form">How it lies in memory.</param>
    public void Bring(BoundParameter bound, Parameter value, TensorForm form)
    {
        if (!ReferenceEquals(value, bound.Held)) Values.Put(bound, new PendingValue(value, form, [], form.Type));
    }

    /// <summary>Runs a post-load method and returns its full name. What it makes and does not assign is disposed.</summary>
    public string Run(int method)
    {
        var entry = module.Set.Map.PostLoads[method];
        var written = entry.Writes.Select(i => module.Set[i]).Where(bound => bound.IsPresent).ToList();
        var derived = written.ConvertAll(bound => (Bound: bound, Value: Values.Of(bound))).FindAll(before => before.Value.Makers.Contains(entry.Method));
        var unmade = written.FindAll(bound => bound is { Entry.Sources.IsEmpty: true, IsForeign: false } && !Values.Of(bound).IsTransformed);
        Assigning(entry, () => module.Set.RunPostLoad(method, Values));

        // Left as it was made of the weights before, it would be old beside new ones.
        if (derived.Find(before => ReferenceEquals(Values.Held(before.Bound), before.Value.Value)).Bound is { } left)
            throw new ModelStateException($"{module.Prefix}{entry.Method} ran, but did not assign {left} as it did before: it is still what was made of other weights. A post-load method must do the same each time.");

        // No tensor and no other method makes it: its memory would hold anything.
        if (unmade.Find(bound => !Values.Of(bound).IsTransformed) is { } never)
            throw new ModelStateException($"{module.Prefix}{entry.Method} ran, but did not assign {never}, which nothing else makes. Assign it on every way through the method, or say with When = ... which instances have it.");
        return module.Prefix + entry.Method;
    }

    /// <summary>Runs the method that undoes a post-load method. What it makes and does not assign is disposed.</summary>
    public void RunBackwards(int method) => Assigning(module.Set.Map.PostLoads[method], () => module.Set.UndoPostLoad(method, Values));

    private void Assigning(PostLoadEntry entry, Action method)
    {
        _fieldsBefore ??= module.Set.Remember();
        var before = entry.Writes.Select(i => module.Set[i]).Where(bound => bound.IsPresent).ToList();
        var values = before.ConvertAll(Values.Held);
        try
        {
            // In no inference mode, since what is made there cannot be written to by a refit outside of it.
            using (torch.inference_mode(false))
            using (torch.no_grad())
            using (torch.NewDisposeScope()) method();

            // A helper that was given a tensor may have done to it what no rule follows.
            LiveForms.Check(module);
            CheckForms();
        }
        finally
        {
            // What the method replaced, its own values among it. Even if it failed: the undo knows only what is there now.
            foreach (var value in values.Concat(module.Set.Assigned))
            {
                if (!before.Exists(bound => ReferenceEquals(Values.Held(bound), value) || Values.IsBelow(bound, value))) value.Dispose();
            }
            module.Set.Assigned.Clear();
        }
    }

    /// <summary>Checks that every new value fits into the live storage, so that no address moves, and can be live storage itself.</summary>
    /// <exception cref="ModelStateException">A post-load method made another shape, type or layout than before, or elements that share memory.</exception>
    public void CheckLayout()
    {
        foreach (var (bound, value) in Values.Own) CheckLayout(bound, value);
    }

    /// <summary>Remembers what methods assigned beside parameters. To be called when those of all modules have run, since static fields are common to them.</summary>
    public void RememberFields() => _fieldsAfter = _fieldsBefore is null ? null : module.Set.Remember();

    /// <summary>Gives fields the values that they had before methods ran, until the end: to be called module by module, the last first.</summary>
    public void PutFieldsAside()
    {
        _fieldsBefore?.Invoke();
        _isFieldsAside = true;
    }

    /// <summary>Gives fields what methods assigned, for others to run over it, until they are put aside again.</summary>
    public void BringFieldsBack() => _fieldsAfter?.Invoke();

    /// <summary>Moves new values into the live storage, or adopts them as the live storage where a first load made it.</summary>
    /// <param name="settled">Which parameters; those must have passed <see cref="CheckLayout()"/>.</param>
    /// <param name="copies">Where copies between addresses are added, and the values to dispose after them.</param>
    public void Finish(Predicate<BoundParameter> settled, ValueMoves copies)
    {
        foreach (var (bound, value) in Values.Own)
        {
            if (!settled(bound)) continue;
            Values.Take(bound);
            Finish(bound, value, copies);
        }
    }

    /// <summary>Gives fields what methods assigned; nothing can be undone then.</summary>
    public void FinishFields()
    {
        if (_isFieldsAside) _fieldsAfter?.Invoke();
        (_fieldsBefore, _fieldsAfter, _isFieldsAside) = (null, null, false);
    }

    /// <summary>Checks and moves the values of some parameters right away.</summary>
    /// <inheritdoc cref="CheckLayout()" path="/exception"/>
    public void Finish(Predicate<BoundParameter> settled)
    {
        foreach (var (bound, value) in Values.Own)
        {
            if (settled(bound)) CheckLayout(bound, value);
        }
        using var copies = new ValueMoves();
        Finish(settled, copies);
        copies.Run();
    }

    /// <summary>Drops new values, and puts back the fields that post-load methods assigned, as if nothing had happened. Does nothing once the change is finished.</summary>
    public void Undo()
    {
        Values.Drop();
        if (!_isFieldsAside) _fieldsBefore?.Invoke();
        (_fieldsBefore, _fieldsAfter) = (null, null);
    }

    // Of its layout nothing can be said: a declared kernel layout is one before post-load and after.
    private bool IsNew(BoundParameter bound, PendingValue value) => whole && value.IsTransformed && (!bound.IsTransformed || (placed && !bound.Form!.Takes(value.Form)));

    // An engine that chose the memory keeps it wherever the new value fits.
    private bool Adopts(BoundParameter bound, PendingValue value) =>
        IsNew(bound, value) && !(module.Set.Allocator is not null && value.Form.IsContiguous && bound.Form is { IsContiguous: true } form && form.Takes(value.Form));

    /// <summary>Puts a value that becomes the live one into memory that an engine's function makes, where there is one.</summary>
    private void PutIntoMemory(BoundParameter bound, PendingValue value)
    {
        if (value.Value is OwnedParameter { IsPlaced: true }) return;
        var copy = ParameterMemory.Copy(bound, value.Value);
        if (ReferenceEquals(copy, value.Value)) return;
        Values.Put(bound, value with { Form = TensorForm.Of(copy), Value = copy });
        value.Value.Dispose();
    }

    private void CheckForms()
    {
        foreach (var (bound, value) in Values.Own) LiveForms.Check(module, bound, value.Form, value.Value);
    }

    private void CheckLayout(BoundParameter bound, PendingValue value)
    {
        if (ReferenceEquals(value.Value, bound.Held)) return;
        LiveForms.Check(module, bound, value.Form, value.Value);
        var madeBy = value.IsTransformed ? value.Makers[^1] : null;
        if (IsNew(bound, value))
        {
            if (value.Form.MayOverlap)
                throw new ModelStateException($"{bound} was made by {madeBy} as {value.Form}: elements of it share memory, as expand makes them, so that no refit could write to it. Give it elements of its own, with contiguous(); or keep the small tensor and expand it in forward.");
            if (Adopts(bound, value)) PutIntoMemory(bound, value);
            else LiveForms.Check(module, bound, bound.Form!, bound.Held);
            return;
        }
        LiveForms.Check(module, bound, bound.Form!, bound.Held);
        var layout = bound.LayoutOf(value.IsTransformed);
        if (bound.Layout != layout || !bound.Form!.Takes(value.Form))
        {
            throw new ModelStateException(
                $"{bound} is live in the {bound.Layout} layout as {bound.Form}, but {madeBy ?? "the refit"} made {value.Form} in the {layout} layout: its storage would move. A post-load method must make the same shape and type each time.");
        }
    }

    private void Finish(BoundParameter bound, PendingValue value, ValueMoves copies)
    {
        if (ReferenceEquals(value.Value, bound.Held))
        {
            bound.Set(value.Value, value.Makers, value.Form, value.ModelType);
        }
        else if (Adopts(bound, value))
        {
            module.Set.Adopt(bound, value);
        }
        else
        {
            // By reflection, something else may have been put into the property or the registry.
            module.Set.Restore(bound, bound.Held);
            copies.Add(value.Value, value.Form, bound.Held, bound.Form!);
            bound.Set(bound.Held, value.Makers, bound.Form!, value.ModelType);
        }
    }
}
