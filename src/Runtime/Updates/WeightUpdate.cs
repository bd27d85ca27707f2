using System.Collections.Immutable;
using Lanyard.Books;
using Lanyard.Causes;
using Lanyard.Copies;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Live;
using Lanyard.Maps;
using Lanyard.Telemetry;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>
/// One change of weights, whole or not at all: the one mechanism behind a first load and every refit. Owns the modules while it
/// lasts. Tensors are admitted, then written (from any number of threads), then committed.
/// </summary>
internal sealed class WeightUpdate : IDisposable
{
    private const int Piece = 16;

    private readonly ModelIndex _index;
    private readonly RefitMode _mode;
    private readonly LoadOptions _options;
    private readonly LoadAccount _account;
    private readonly ModelSession _session;
    private readonly UpdateObservation _observation;
    private readonly UpdateNeeds _needs;
    private readonly UpdateTargets _targets;
    private readonly ModuleUpdate[] _modules;
    private readonly UpdatePatches _patches = new();
    private readonly ModelState[] _before;
    private readonly Lock _lock = new();
    private bool _live = true;
    private bool _closed;
    private int _writers;
    private bool _failed;
    private bool _cut;
    private bool _moving;
    private bool _patched;
    private readonly List<string> _passedOver = [];
    private readonly SortedSet<string> _otherFiles = new(StringComparer.Ordinal);
    private ILookup<ModelModule, ModelParameter> _absent = Array.Empty<ModelParameter>().ToLookup(parameter => parameter.Module);

    /// <param name="index">The model.</param>
    /// <param name="kind">What the update is to its user, for messages: <c>a load</c>.</param>
    /// <param name="mode">How the model is kept whole.</param>
    /// <param name="scope">What must come.</param>
    /// <param name="options">What the update may do beside the declared map.</param>
    /// <exception cref="ModelStateException">Another session owns the model.</exception>
    public WeightUpdate(ModelIndex index, string kind, RefitMode mode, RefitScope scope, LoadOptions options)
    {
        (_index, _mode, _options, _account, _session) = (index, mode, options, new LoadAccount(index, options), new ModelSession(kind));

        // First of all, since what another update has made of the states is none of this one's.
        ModelOwnership.Take(index, _session);
        Arrivals = new UpdateArrivals(index, _account, mode == RefitMode.InPlace ? index.Memory : null);
        _before = [.. index.Modules.Select(module => module.Set.State)];
        _needs = new UpdateNeeds(index, _account, scope, _before);
        _targets = new UpdateTargets(mode, index.Positions);
        Writer = new SlotWriter(mode, options, _targets, _before) { Assembled = TakeAssembled };
        if (mode == RefitMode.InPlace) Outside = new OutsideWrites(options, Arrivals, Writer);
        _modules = [.. index.Modules.Select(module => new ModuleUpdate(module, _targets, _needs.IsUnmade(module)))];
        try
        {
            _observation = new UpdateObservation($"{mode}", options.Logger);
        }
        catch
        {
            // A listener to activities.
            ModelOwnership.Release(index, _session);
            throw;
        }
        if (mode == RefitMode.InPlace) SetState(ModelState.Refitting);
    }

    /// <summary>What comes.</summary>
    public UpdateArrivals Arrivals { get; }

    /// <summary>Writes what was admitted.</summary>
    public SlotWriter Writer { get; }

    /// <summary>What somebody else writes into live memory; null in a staged update, which has none until its commit.</summary>
    public OutsideWrites? Outside { get; }

    /// <summary>Whether the live values are no longer what they were, nor yet what they will be.</summary>
    private bool IsTorn => _moving || (_mode == RefitMode.InPlace && (_patched || Writer.HasBegun));

    /// <summary>Begins a write, which may go on in another thread while the update ends. It ends when the result is disposed.</summary>
    /// <exception cref="ModelStateException">The update has ended.</exception>
    public Writing BeginWrite()
    {
        lock (_lock)
        {
            CheckOpen();
            _writers++;
        }
        return new Writing(this);
    }

    /// <summary>Takes a tensor that was put together from its chunks: it is written at once, or waits for those that decide in what format it is.</summary>
    private void TakeAssembled(ModelTensor tensor, torch.Tensor value)
    {
        // Nobody else has it, so that it need not be copied to be kept.
        using (value) Arrivals.Keep(Arrivals.Assembled(tensor), value, lasting: true);
        WriteDecided();
    }

    /// <summary>Writes what was kept and is decided.</summary>
    public void WriteDecided()
    {
        var decided = Arrivals.TakeKept();
        if (decided.Count == 0) return;
        foreach (var (arrival, place, value) in decided)
        {
            using (value)
            {
                if (Arrivals.HasZeroPadding(place, arrival, value, static value => value.alias())) Writer.Write(place, value, arrival.Type, lasting: true);
            }
        }
        Advance(decided.Select(tensor => tensor.Place));
    }

    /// <summary>Enters that a write of many tensors failed, so that nobody knows which of them were looked at: the update cannot be committed.</summary>
    public void CutShort() => _cut = true;

    /// <summary>Enters tensors and files that nobody looked at, for the report.</summary>
    public void PassOver(IEnumerable<string> tensors, IEnumerable<string> files)
    {
        lock (_lock)
        {
            _passedOver.AddRange(tensors);
            _otherFiles.UnionWith(files);
        }
    }

    /// <summary>In place, runs the post-load methods that have all they read by now, and frees what was needed for them alone.</summary>
    /// <param name="written">Tensors that were written.</param>
    /// <exception cref="ModelStateException">A post-load method made another shape, type or layout than before.</exception>
    public void Advance(IEnumerable<PlacedTensor> written)
    {
        if (_mode != RefitMode.InPlace || !_index.HasPostLoads) return;
        try
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
        catch
        {
            _failed = true;
            throw;
        }
    }

    /// <summary>Why a model in these states cannot be patched, or null.</summary>
    public static string? NoPatches(ModelIndex index, ModelState[] states) =>
        states.Contains(ModelState.Incomplete) ? $"The model cannot be patched: {Unreadable.Incomplete(MissingPlaces.Text(index.Modules))}"
        : states.Any(state => state != ModelState.Loaded) ? "A model that was never loaded, or is torn, cannot be patched: bring whole tensors."
        : null;

    /// <summary>Brings a few elements of a tensor; they are written at the commit.</summary>
    /// <param name="name">The full name of the checkpoint tensor.</param>
    /// <param name="indices">Flat indices into the whole checkpoint tensor, int64 [count].</param>
    /// <param name="values">Their values [count].</param>
    public void Patch(string name, torch.Tensor indices, torch.Tensor values)
    {
        if (NoPatches(_index, _before) is { } refusal) throw new ModelStateException(refusal);
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (places, elements) = (indices.cpu().contiguous(), values.detach().cpu().contiguous().resolve_neg().resolve_conj());
        if (Arrivals.AdmitPatch(name, values.dtype, (tensor, count) => _patches.Enter(tensor, places, count) ?? UpdatePatches.Padding(tensor, places, elements, count)) is not { } place) return;
        foreach (var use in place.Uses)
        {
            using var decoded = use.Encoding.IsPlain ? null : new DecodedTensor(use.Encoding, [elements.numel()], elements, elements.dtype, []);
            Writer.Count(use.Slots.Length, _patches.Add(use, places, decoded?.Values.All([elements.numel()]) ?? elements, out var lost) * use.Parameter.Bound.Held.element_size());
            Writer.CountLost(use, lost);
        }
    }

    /// <summary>Throws where the update would leave the model in pieces. Nothing is changed by the check.</summary>
    /// <param name="checkpoint">The file or folder that all tensors are in, or null.</param>
    /// <exception cref="LoadException">Lists everything wrong.</exception>
    public void Check(string? checkpoint = null)
    {
        while (Writer.WrongPadding.TryDequeue(out var wrong)) _account.ReportPadding(wrong.Use, wrong.Use.Tensor.Name, wrong.Found);
        var missing = _needs.Missing().ToList();
        var problems = _account.Problems(missing.Concat(Outside?.Missing(_account.IsWhole).Where(problem => !missing.Exists(listed => listed.Tensor == problem.Tensor)) ?? []));
        if (problems.IsEmpty) return;
        var outcome = IsTorn ? "The model is torn: some weights were already replaced." : "Nothing was changed.";
        if (checkpoint is null && _needs.AreOfSubset(problems)) outcome += " A refit that brings less begins with RefitScope.Subset.";
        throw LoadRefusal.Of(_index, _account, outcome, problems, checkpoint);
    }

    /// <summary>Re-runs the post-load methods that depend on what changed and moves everything into the live storage.</summary>
    /// <exception cref="LoadException">The update is not complete, or tensors were wrong.</exception>
    /// <exception cref="ModelStateException">The update has ended, or writes are under way.</exception>
    public LoadReport Commit()
    {
        int writing;
        lock (_lock)
        {
            CheckOpen();
            _closed = true;
            writing = _writers++;
        }

        // Like a write: whoever ends the update meanwhile leaves the model to it.
        using var committing = new Writing(this);
        using var activity = _observation.Commit();
        if (_cut) throw new ModelStateException("A write of many tensors failed or was cancelled. Begin another refit.");
        if (writing > 0) throw new ModelStateException($"{writing} writes are still under way. Begin another refit when they have ended.");
        _index.CheckTree();
        Arrivals.Close();
        WriteDecided();
        Check();
        Writer.WriteBare();
        if (!Writer.WrongPadding.IsEmpty) Check();
        if (_failed || Writer.Slots != Arrivals.Slots) throw new ModelStateException($"Of {Arrivals.Slots} slots {Writer.Slots} were written{(_failed ? ", and a post-load method failed" : "")}: a write failed, was cancelled, or is still under way. Begin another refit.");
        using var moves = new ValueMoves();
        _absent = _index.Modules.SelectMany(_needs.Absent).ToLookup(parameter => parameter.Module);
        var wrong = 0;
        using (torch.no_grad())
        {
            try
            {
                _targets.Fill(_account.FormatOf, _account.IsWhole);
                _patched = _patches.Any;
                _patches.Apply(Patched);

                // Modules that run nothing share nothing; the others may read what those have.
                var quiet = _index.Quiet;
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
                foreach (var module in _index.Modules)
                {
                    if (!module.IsQuiet) Complete(module);
                }
            }
            catch
            {
                foreach (var update in _modules) update.Undo();
                _patches.TakeBack();
                throw;
            }

            // Between the first write and here the caller, or a post-load method of another module, may have done anything.
            foreach (var update in _modules) update.CheckLayout();
            if (wrong > 0 || _index.HasPostLoads) LiveForms.Check(_index);

            // What a first load's post-load methods made stays where they made it.
            if (_index.HasPostLoads && _index.Modules.Any(_needs.IsUnmade)) Overlaps.CheckMade(_index);

            // From here on a failure leaves some values moved, some not.
            _moving = true;
            foreach (var update in _modules) update.Finish(moves);
            moves.Run();
        }
        foreach (var update in _modules) update.Remember(Writer.Copies);
        foreach (var parameter in _index.Modules.SelectMany(module => module.Bare)) parameter.Bound.Beside = _account.Beside(parameter);
        foreach (var parameter in _index.Modules.SelectMany(module => module.Optional)) parameter.Bound.IsAbsent = _absent[parameter.Module].Contains(parameter) || (parameter.Bound.IsAbsent && _account.IsAbsent(parameter));
        DropPending();
        ImmutableArray<NonFinite> nonFinite = _options.CountNonFinite ? [.. NonFinite()] : [];
        _live = false;
        SetState(ModelState.Loaded);
        foreach (var module in _index.Modules)
        {
            module.Set.Generation++;
            module.Set.Complete();
        }
        foreach (var parameter in _index.Modules.Where(_needs.IsUnknown).SelectMany(module => module.Parameters)) parameter.Bound.IsForeign = false;
        ModelOwnership.Release(_index, _session);
        var report = Report(nonFinite);
        _observation.End("committed", Writer.Slots, Writer.Bytes, report.Warnings);
        return report;
    }

    private LoadReport Report(ImmutableArray<NonFinite> nonFinite)
    {
        ImmutableArray<Overflow> overflowed = [.. Writer.Overflowed.Select(found => new Overflow(_account.Summary.NameOf(found.Tensor), found.Elements))];
        return new LoadReport(_account.Tensors, Writer.Slots, Writer.Bytes, [.. _modules.SelectMany(update => update.Runs)])
        {
            MappedBytes = Writer.MappedBytes,
            Ignored = _account.Summary.Ignored,
            Unread = _account.Summary.Unread,
            ReadInPart = [.. _account.Summary.PartReads.Select(read => new PartRead(read.Name, read.Unread))],
            PassedOver = [.. _passedOver],
            OtherFiles = [.. _otherFiles],
            Converted = [.. _account.Summary.Converted.Select(change => new TypeChange(change.Name, $"{change.From}", ElementTypes.Name(change.To)))],
            Overflowed = overflowed,
            Warnings = [.. LoadWarnings.Of(_account.Summary.IgnoredBesideLoaded, overflowed, _account.Tensors == 0 && !_patched && _index.Tensors.Count > 0)],
            NonFinite = nonFinite,
            Absent = [.. _absent.SelectMany(parameters => parameters).Select(parameter => parameter.Name)],
        };
    }

    /// <summary>
    /// Gives the model back, or lets the last write do so that is under way: what it writes to must stay. Without a commit a staged update
    /// leaves no trace; an in-place one leaves the model torn once anything was written.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            if (_writers > 0 || !_live) return;
            _live = false;
        }
        Abandon();
    }

    /// <summary>Ends a write. The last one gives the model back where the update has ended meanwhile.</summary>
    private void EndWrite()
    {
        lock (_lock)
        {
            if (--_writers > 0 || !_closed || !_live) return;
            _live = false;
        }
        Abandon();
    }

    private void Complete(ModelModule module)
    {
        var update = _modules[module.Position];
        update.Complete(_needs.PostLoads(module), _absent[module]);
        if (_mode == RefitMode.InPlace) update.Finish();
    }

    private IEnumerable<NonFinite> NonFinite()
    {
        using var noGrad = torch.no_grad();
        foreach (var parameter in _index.Parameters.Where(_account.Touches))
        {
            using var scope = torch.NewDisposeScope();
            var value = parameter.Bound.Held;
            if (ElementTypes.IsFloat(value.dtype) && value.numel() - value.isfinite().sum().ReadInt64() is > 0 and var count) yield return new NonFinite(parameter.Name, count);
        }
    }

    private torch.Tensor Patched(ModelParameter parameter)
    {
        if (_targets.Find(parameter) is { } target) return target.Value;
        LiveForms.Check(parameter);
        return parameter.Bound.Held;
    }

    private void CheckOpen()
    {
        if (_closed) throw new ModelStateException("The refit has ended: begin another.");
    }

    private void Abandon()
    {
        foreach (var update in _modules) update.Undo();
        DropPending();
        var torn = IsTorn;
        if (torn)
        {
            foreach (var module in _index.Modules) module.Set.TornBecause = _moving ? "The new values could not all be moved into place." : $"An in-place update ended after {Writer.Slots} slots without completing.";
            SetState(ModelState.Torn);
        }
        else
        {
            foreach (var module in _index.Modules) module.Set.State = _before[module.Position];
        }
        ModelOwnership.Release(_index, _session);
        _observation.End(torn ? "torn" : "abandoned", Writer.Slots, Writer.Bytes);
    }

    private void DropPending()
    {
        Arrivals.Dispose();
        _targets.Dispose();
        Writer.Dispose();
        _patches.Dispose();
    }

    private void SetState(ModelState state)
    {
        foreach (var module in _index.Modules) module.Set.State = state;
    }

    /// <summary>A write that is under way.</summary>
    public readonly struct Writing(WeightUpdate update) : IDisposable
    {
        public void Dispose() => update.EndWrite();
    }
}
