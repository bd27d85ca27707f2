using System.Collections.Immutable;
using Lanyard.Books;
using Lanyard.Copies;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Live;
using Lanyard.Maps;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>The new values of a model in an update: made beside the live ones when all has come, and moved into their storage at the commit.</summary>
/// <param name="index">The model.</param>
/// <param name="mode">How the model is kept whole.</param>
/// <param name="targets">Where tensors are written.</param>
/// <param name="needs">Which post-load methods run.</param>
/// <param name="account">What came.</param>
internal sealed class UpdateValues(ModelIndex index, RefitMode mode, UpdateTargets targets, UpdateNeeds needs, LoadAccount account)
{
    private const int Piece = 16;

    private readonly ModuleUpdate[] _modules = [.. index.Modules.Select(module => new ModuleUpdate(module, targets, needs.IsUnmade(module)))];
    private ILookup<ModelModule, ModelParameter> _absent = Array.Empty<ModelParameter>().ToLookup(parameter => parameter.Module);

    /// <summary>Elements that are brought one by one.</summary>
    public UpdatePatches Patches { get; } = new();

    /// <summary>Whether any patches came.</summary>
    public bool HasPatches { get; private set; }

    /// <summary>Whether a patch was written to a live value, in place.</summary>
    public bool HasPatched { get; private set; }

    /// <summary>Whether live values are being moved, or were: a failure leaves some moved, some not.</summary>
    public bool IsMoving { get; private set; }

    /// <summary>The methods that ran, in order.</summary>
    public IEnumerable<string> Runs => _modules.SelectMany(module => module.Runs);

    /// <summary>The parameters of which no tensor is there.</summary>
    public IEnumerable<ModelParameter> Absent => _absent.SelectMany(parameters => parameters);

    /// <summary>In place, runs the post-load methods that have all they read by now, and frees what was needed for them alone.</summary>
    /// <param name="written">Tensors that were written.</param>
    /// <exception cref="ModelStateException">A post-load method made another shape, type or layout than before.</exception>
    public void Advance(IEnumerable<PlacedTensor> written)
    {
        var modules = new HashSet<ModelModule>();
        foreach (var place in written)
        {
            foreach (var use in place.Uses) Enter(use);
            foreach (var use in place.Tensor.Serves) Enter(use);
        }
        if (modules.Count == 0) return;
        using var noGrad = torch.no_grad();
        foreach (var module in modules) _modules[module.Position].Advance();

        void Enter(TensorUse use)
        {
            if (!use.Parameter.Module.Set.Map.PostLoads.IsEmpty) modules.Add(use.Parameter.Module);
        }
    }

    /// <summary>Keeps readers out where methods assign something beside parameters, which whoever runs the model would see until it is put aside.</summary>
    /// <inheritdoc cref="FieldWindow.Of"/>
    public GateHold? Window(CancellationToken cancellationToken) => FieldWindow.Of(index.Modules, cancellationToken);

    /// <summary>Makes all new values, and proves that they fit. <see cref="Window"/> is open meanwhile. Live values are as before, but for those of an update in place.</summary>
    /// <exception cref="ModelStateException">A post-load method made what cannot be live.</exception>
    public void Make()
    {
        _absent = index.Modules.SelectMany(needs.Absent).ToLookup(parameter => parameter.Module);
        using var noGrad = torch.no_grad();

        try
        {
            MakeAll();
        }
        catch
        {
            // While readers are out.
            Undo();
            throw;
        }
    }

    private void MakeAll()
    {
        foreach (var parameter in Patches.Parameters) Prepare(parameter);
        targets.Fill(account.FormatOf, account.IsWhole);
        HasPatches = Patches.Any;
        HasPatched |= mode == RefitMode.InPlace && Patches.Any;
        Patches.Apply(Patched);
        Complete();

        // Between the first write and here the caller, or a post-load method of another module, may have done anything.
        CheckLive();

        // What a first load's post-load methods made stays where they made it.
        if (index.HasPostLoads && index.Modules.Any(needs.IsUnmade)) Overlaps.CheckMade(index, Made);
        if (mode == RefitMode.InPlace) return;
        foreach (var module in _modules) module.Change.RememberFields();
        foreach (var module in Enumerable.Reverse(_modules)) module.Change.PutFieldsAside();
    }

    /// <summary>Checks that live values and new ones lie where they were put.</summary>
    /// <exception cref="ModelStateException">Somebody has changed their tensors.</exception>
    public void CheckLive()
    {
        foreach (var module in _modules) module.Change.CheckLayout();
        foreach (var parameter in Patches.Parameters) LiveForms.Check(parameter);
        if (index.HasPostLoads) LiveForms.Check(index);
    }

    /// <summary>Moves the new values into the live storage. Nobody may read meanwhile.</summary>
    public void Move()
    {
        using var noGrad = torch.no_grad();
        using var moves = new ValueMoves();

        // From here on a failure leaves some values moved, some not.
        IsMoving = true;
        foreach (var module in _modules) module.Change.Finish(_ => true, moves);
        moves.Run();
        Patches.Apply(parameter => parameter.Bound.Held);
        foreach (var module in _modules) module.Change.FinishFields();
    }

    /// <summary>Enters what is known of the new values, once they are there to stay.</summary>
    /// <param name="copies">Those of what was decoded.</param>
    public void Remember(CodeCopies copies)
    {
        foreach (var module in _modules) module.Remember(copies);
        foreach (var parameter in index.Modules.SelectMany(module => module.Bare)) parameter.Bound.Beside = account.Beside(parameter);
        foreach (var parameter in index.Modules.SelectMany(module => module.Optional)) parameter.Bound.IsAbsent = IsAbsent(parameter);
    }

    /// <summary>Whether a parameter has the value that is declared for where no tensor is there, once the new values are live.</summary>
    public bool IsAbsent(ModelParameter parameter) => _absent[parameter.Module].Contains(parameter) || (parameter.Bound.IsAbsent && account.IsAbsent(parameter));

    /// <summary>The values of a module as the commit will make them.</summary>
    /// <returns>The values, to be dropped.</returns>
    public PendingValues Staged(ModelModule module)
    {
        var values = new PendingValues(module.Set, _modules[module.Position].Change.Values);
        foreach (var parameter in module.Parameters.Where(Patches.IsOpen))
        {
            var bound = parameter.Bound;
            using var bare = bound.Held.detach();
            var copy = new OwnedParameter(bare.clone().DetachFromDisposeScope(), bound);
            Patches.ApplyTo(parameter, copy);
            values.Put(bound, PendingValue.Live(bound) with { Form = Memory.TensorForm.Of(copy), Value = copy });
        }
        return values;
    }

    /// <summary>The touched parameters with values that are infinite or no numbers.</summary>
    public IEnumerable<NonFinite> NonFinite()
    {
        using var noGrad = torch.no_grad();
        foreach (var module in index.Modules.Where(module => module.Parameters.Exists(account.Touches)))
        {
            var values = Staged(module);
            foreach (var parameter in module.Parameters.Where(parameter => parameter.Bound.IsPresent && account.Touches(parameter)))
            {
                using var scope = torch.NewDisposeScope();
                var value = values.Held(parameter.Bound);
                if (ElementTypes.IsFloat(value.dtype) && value.numel() - value.isfinite().sum().ReadInt64() is > 0 and var count) yield return new NonFinite(parameter.Name, count);
            }
            values.Drop();
        }
    }

    /// <summary>Drops the new values that were not moved.</summary>
    public void Undo()
    {
        // The last first, since static fields are common to them.
        foreach (var module in Enumerable.Reverse(_modules)) module.Change.Undo();
    }

    private void Complete()
    {
        var wrong = 0;

        // Modules that run nothing share nothing; the others may read what those have.
        var quiet = index.Quiet;
        Workers.Run((quiet.Length + Piece - 1) / Piece, piece =>
        {
            var modules = quiet.AsSpan()[(piece * Piece)..Math.Min(quiet.Length, (piece + 1) * Piece)];
            LiveForms.Fetch(modules);
            foreach (var module in modules)
            {
                Complete(module);
                if (!LiveForms.Hold(module)) Interlocked.Increment(ref wrong);
            }
        });
        foreach (var module in index.Modules)
        {
            if (!module.IsQuiet) Complete(module);
        }
        if (wrong > 0) LiveForms.Check(index);
    }

    private void Complete(ModelModule module)
    {
        var update = _modules[module.Position];
        update.Complete(needs.PostLoads(module), _absent[module]);
        if (mode == RefitMode.InPlace) update.Change.Finish(_ => true);
    }

    /// <summary>Makes room for a patched parameter that a method will read.</summary>
    private void Prepare(ModelParameter parameter)
    {
        if (mode == RefitMode.Staged && needs.PostLoads(parameter.Module).Exists(method => parameter.Module.Set.Map.PostLoads[method].Reads.Contains(parameter.Bound.Entry.Index))) targets.Of(parameter);
    }

    /// <summary>Where a patch is written by now: null where it waits for the commit, since a copy of the parameter would be made for a few elements.</summary>
    private torch.Tensor? Patched(ModelParameter parameter)
    {
        if (targets.Find(parameter) is { } target) return target.Value;
        LiveForms.Check(parameter);
        return mode == RefitMode.InPlace ? parameter.Bound.Held : null;
    }

    private PendingValue Made(ModelParameter parameter) => _modules[parameter.Module.Position].Change.Values.Of(parameter.Bound);
}
