using System.Collections.Immutable;
using Lanyard.Books;
using Lanyard.Causes;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Live;
using Lanyard.Maps;
using Lanyard.Telemetry;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>
/// One change of weights, whole or not at all: the one mechanism behind a first load and every refit. Owns the modules while it
/// lasts. Tensors are admitted, then written (from any number of threads), then made into new values, then moved into place.
/// </summary>
internal sealed class WeightUpdate : IUpdateProgress, IDisposable
{
    private static readonly AsyncLocal<WeightUpdate?> Own = new();

    private readonly ModelIndex _index;
    private readonly RefitMode _mode;
    private readonly LoadOptions _options;
    private readonly LoadAccount _account;
    private readonly ModelSession _session;
    private readonly UpdateObservation _observation;
    private readonly UpdateNeeds _needs;
    private readonly UpdateTargets _targets;
    private readonly UpdateValues _values;
    private readonly UpdateLease _lease;
    private readonly ModelState[] _before;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly List<string> _passedOver = [];
    private readonly SortedSet<string> _otherFiles = new(StringComparer.Ordinal);
    private UpdatePhase _phase;
    private bool _live = true;
    private bool _closed;
    private int _writers = 1;
    private readonly bool _hasBegun;
    private bool _isLeft;
    private bool _failed;
    private bool _cut;
    private bool _committing;
    private bool _isBound;
    private string? _decided;
    private string? _reason;
    private LoadReport? _report;

    /// <param name="index">The model.</param>
    /// <param name="kind">What the update is to its user, for messages: <c>a load</c>.</param>
    /// <param name="mode">How the model is kept whole.</param>
    /// <param name="scope">What must come.</param>
    /// <param name="options">What the update may do beside the declared map.</param>
    /// <exception cref="ModelStateException">Another session owns the model, or it has another version than the update builds on.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public WeightUpdate(ModelIndex index, string kind, RefitMode mode, RefitScope scope, LoadOptions options)
    {
        (_index, _mode, _options, _account, _session) = (index, mode, options, new LoadAccount(index, options), new ModelSession(kind, options.By) { Owner = this });

        // First of all, since what another update has made of the states is none of this one's.
        ModelOwnership.Take(index, _session);
        try
        {
            _ = _account.Unmapped;
            Arrivals = new UpdateArrivals(index, _account, mode == RefitMode.InPlace ? index.Memory : null);
            _before = [.. index.Modules.Select(module => module.Set.State)];
            _needs = new UpdateNeeds(index, _account, scope, _before);
            if (mode == RefitMode.Staged && !options.KeepShadows)
            {
                foreach (var parameter in index.Parameters) parameter.Bound.Shadows?.Free();
            }
            _targets = new UpdateTargets(mode, index.Positions, options.KeepShadows);
            Writer = new SlotWriter(mode, options, _targets, _before) { Assembled = TakeAssembled };
            if (mode == RefitMode.InPlace) Outside = new OutsideWrites(options, Arrivals, Writer);
            _values = new UpdateValues(index, mode, _targets, _needs, _account);
            (Version, BuildsOn) = (options.Version, options.BuildsOn);

            // A listener to activities may throw.
            _observation = new UpdateObservation(_index.Root.Map.Type, $"{mode}", options.Logger);
            _lease = new UpdateLease(options.Lease, this);
            if (mode == RefitMode.InPlace) BeginInPlace();
            Volatile.Write(ref _hasBegun, true);
        }
        catch
        {
            _lease?.Dispose();
            ModelOwnership.Release(index, _session);
            throw;
        }

        // The constructor is like a write: whoever ends the update meanwhile leaves the model to it.
        EndWrite();
    }

    /// <summary>What comes.</summary>
    public UpdateArrivals Arrivals { get; }

    /// <summary>Writes what was admitted.</summary>
    public SlotWriter Writer { get; }

    /// <summary>What somebody else writes into live memory; null in a staged update, which has none until its commit.</summary>
    public OutsideWrites? Outside { get; }

    /// <summary>What others see of the update.</summary>
    public ModelSession Session => _session;

    /// <summary>What the weights are called once they are live; null for nothing.</summary>
    public string? Version { get; set; }

    /// <summary>The version that the model has for the update to fit; null for any.</summary>
    public string? BuildsOn
    {
        get;
        set
        {
            if (value is not null && value != _index.Root.Version) throw new ModelStateException($"The refit builds on version {NameFolding.Shown(value)}, but {_index.Root.Map.Type} has {(_index.Root.Version is { } version ? NameFolding.Shown(version) : "weights without a version")}. Nothing was changed: bring all weights, or what belongs to these.");
            field = value;
        }
    }

    /// <summary>Why somebody wants a bound update to end; null where nobody does.</summary>
    public string? EndWanted { get; private set; }

    /// <summary>Why it ended, or will; null where nothing is known.</summary>
    public string? Reason => _reason;

    /// <summary>Whether the last waiting for readers was stopped or refused, so that the update is as it was before.</summary>
    public bool HasWaitedInVain { get; private set; }

    /// <inheritdoc/>
    public DateTime? Expires => Volatile.Read(in _hasBegun) ? _lease.Expires : null;

    /// <summary>Whether the live values are no longer what they were, nor yet what they will be.</summary>
    private bool IsTorn => _values.IsMoving || (_mode == RefitMode.InPlace && (_values.HasPatched || Writer.HasBegun));

    /// <summary>Whether others decide when it ends.</summary>
    private bool IsHeld => _isBound && !_closed && _index.Root.State != ModelState.Disposed;

    /// <summary>Begins a write, which may go on in another thread while the update ends. It ends when the result is disposed.</summary>
    /// <param name="isOfMany">Whether it tells somebody how far it is.</param>
    /// <exception cref="ModelStateException">The update has ended, or is prepared.</exception>
    public Writing BeginWrite(bool isOfMany = false)
    {
        _lease.EndIfOver();
        lock (_lock)
        {
            CheckOpen();
            if (_phase != UpdatePhase.Open) throw new ModelStateException("The refit was prepared: nothing more can come. Commit it, or dispose of it and begin another.");
            _writers++;
        }
        _lease.Renew();
        return Begun(isOfMany);
    }

    /// <summary>Says that whoever brings the weights is still there.</summary>
    public void Renew()
    {
        _lease.EndIfOver();
        lock (_lock) CheckOpen();
        _lease.Renew();
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
    public void CutShort(Exception reason)
    {
        _cut = true;
        Blame(reason);
    }

    /// <summary>Enters what made the update fail, to be told where it ends.</summary>
    public void Blame(Exception reason) => _reason ??= reason is OperationCanceledException ? "it was cancelled" : reason.Message.Split('\n')[0].Trim();

    /// <summary>Enters tensors and files that nobody looked at, for the report.</summary>
    public void PassOver(IEnumerable<string> tensors, IEnumerable<string> files)
    {
        lock (_lock)
        {
            _passedOver.AddRange(tensors);
            _otherFiles.UnionWith(files);
        }
    }

    /// <inheritdoc cref="UpdateValues.Advance"/>
    public void Advance(IEnumerable<PlacedTensor> written)
    {
        if (_mode != RefitMode.InPlace || !_index.HasPostLoads) return;
        try
        {
            _values.Advance(written);
        }
        catch
        {
            _failed = true;
            throw;
        }
    }

    /// <summary>The patches that came.</summary>
    /// <exception cref="ModelStateException">The model cannot be patched.</exception>
    public UpdatePatches Patches => NoPatches(_index, _before) is { } refusal ? throw new ModelStateException(refusal) : _values.Patches;

    /// <summary>Why a model in these states cannot be patched, or null.</summary>
    public static string? NoPatches(ModelIndex index, ModelState[] states) =>
        states.Contains(ModelState.Incomplete) ? $"The model cannot be patched: {Unreadable.Incomplete(MissingPlaces.Text(index.Modules))}"
        : states.Any(state => state != ModelState.Loaded) ? "A model that was never loaded, or is torn, cannot be patched: bring whole tensors."
        : null;

    /// <summary>Throws where the update would leave the model in pieces. Nothing is changed by the check.</summary>
    /// <param name="checkpoint">The file or folder that all tensors are in, or null.</param>
    /// <exception cref="LoadException">Lists everything wrong.</exception>
    public void Check(string? checkpoint = null)
    {
        var problems = Problems();
        if (problems.IsEmpty) return;
        var outcome = IsTorn ? "The model is torn: some weights were already replaced." : "Nothing was changed.";
        if (checkpoint is null && _needs.AreOfSubset(problems)) outcome += " A refit that brings less begins with RefitScope.Subset.";
        throw LoadRefusal.Of(_index, _account, outcome, problems, checkpoint);
    }

    /// <inheritdoc/>
    public RefitProgress Progress()
    {
        if (!Volatile.Read(in _hasBegun)) return new RefitProgress(0, 0, 0);
        lock (_lock)
        {
            // What is being prepared, or was, was found right, and modules change while it goes on.
            var problems = _closed || _phase != UpdatePhase.Open ? [] : Problems();
            return new RefitProgress(Arrivals.Came, Writer.Slots, Writer.Bytes)
            {
                Missing = [.. problems.Where(problem => problem.Kind == LoadProblemKind.Missing)],
                Problems = [.. problems.Where(problem => problem.Kind != LoadProblemKind.Missing)],
                IsPrepared = _phase == UpdatePhase.Prepared && !_closed,
                HasEnded = _closed,
            };
        }
    }

    /// <summary>Makes all new values, and proves that they can be moved into place. In place, and of a first load, some are live already.</summary>
    /// <param name="cancellationToken">Stops the waiting for readers, where post-load methods assign something beside parameters.</param>
    /// <returns>What the commit will have done.</returns>
    /// <exception cref="LoadException">The update is not complete, or tensors were wrong. More may come, if only that is the matter.</exception>
    /// <exception cref="ModelStateException">The update has ended, or writes are under way; or a post-load method made what cannot be live.</exception>
    public LoadReport Prepare(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            CheckOpen();
            if (_phase == UpdatePhase.Prepared) return _report!;
            if (_cut) throw new ModelStateException("A write of many tensors failed or was cancelled. Begin another refit.");
            if (_phase != UpdatePhase.Open) throw new ModelStateException($"The refit cannot be prepared: {(_phase == UpdatePhase.Failed ? "that failed before" : "another thread prepares or commits it")}.");
            if (_writers > 0) throw new ModelStateException($"{_writers} writes are still under way. Begin another refit when they have ended.");
            (_phase, _writers) = (UpdatePhase.Preparing, 1);
        }

        // Like a write: whoever ends the update meanwhile leaves the model to it.
        using var preparing = Begun(isKnown: true);
        using var activity = _observation.Prepare();
        _lease.Renew();
        var phase = UpdatePhase.Failed;
        try
        {
            _index.CheckTree();
            phase = UpdatePhase.Open;
            Check();
            using var window = Waiting(_values.Window, cancellationToken);
            phase = UpdatePhase.Failed;
            Arrivals.Close();
            WriteDecided();
            Check();
            Writer.WriteBare();
            if (!Writer.WrongPadding.IsEmpty) Check();
            if (_failed || Writer.Slots != Arrivals.Slots) throw new ModelStateException($"Of {Arrivals.Slots} slots {Writer.Slots} were written{(_failed ? ", and a post-load method failed" : "")}: a write failed, was cancelled, or is still under way. Begin another refit.");
            _values.Make();
            _report = Report(_options.CountNonFinite ? [.. _values.NonFinite()] : []);
            phase = UpdatePhase.Prepared;
            return _report;
        }
        catch (Exception e)
        {
            if (phase == UpdatePhase.Failed) Blame(e);
            throw;
        }
        finally
        {
            if (phase == UpdatePhase.Failed) _values.Undo();
            lock (_lock) _phase = phase;
        }
    }

    /// <summary>Begins a reading of the new values, which must stay meanwhile. It ends when the result is disposed.</summary>
    /// <exception cref="ModelStateException">The update is not prepared.</exception>
    public Writing BeginStagedReading()
    {
        lock (_lock)
        {
            CheckOpen();
            if (_phase != UpdatePhase.Prepared) throw new ModelStateException("The refit has no new values yet: prepare it first.");
            _writers++;
        }
        return new Writing(this);
    }

    /// <summary>The values of a module as the commit will make them, to be dropped.</summary>
    public PendingValues Staged(ModelModule module) => _values.Staged(module);

    /// <summary>Whether the commit will leave a parameter with the value that is declared for where no tensor is there.</summary>
    public bool IsAbsent(ModelParameter parameter) => _values.IsAbsent(parameter);

    /// <summary>Moves the new values into the live storage, when nobody reads it; makes them first where that was not done.</summary>
    /// <param name="cancellationToken">Stops the waiting for readers. Nothing is changed then, and the update stays prepared.</param>
    /// <exception cref="LoadException">The update is not complete, or tensors were wrong.</exception>
    /// <exception cref="ModelStateException">The update has ended, or writes are under way; or the caller reads the model.</exception>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public LoadReport Commit(CancellationToken cancellationToken)
    {
        _lease.EndIfOver();
        lock (_lock)
        {
            CheckOpen();
            if (_committing) throw new ModelStateException("The refit cannot be committed: another thread commits it.");
            (_committing, HasWaitedInVain) = (true, false);
        }
        try
        {
            using var activity = _observation.Commit();
            Prepare(cancellationToken);
            return MoveIntoPlace(cancellationToken);
        }
        finally
        {
            bool isLeft;
            lock (_lock) (_committing, isLeft) = (false, _isLeft);
            if (isLeft) Close(null);
        }
    }

    /// <summary>
    /// Binds a prepared update to what others decide. From now on neither its lease nor <see cref="Dispose"/> nor <see cref="End"/> ends it, but <see cref="CommitBound"/> or
    /// <see cref="AbandonBound"/>; the end of the model does.
    /// </summary>
    /// <param name="what">What will be committed, for messages.</param>
    /// <exception cref="ModelStateException">A commit would be refused: the update is not prepared or has ended, the caller reads the model, or its tensors are not where they were.</exception>
    public void Bind(string what)
    {
        // A reading, so that what is looked at stays.
        using var reading = BeginStagedReading();
        _index.CheckTree();
        _values.CheckLive();
        Neighbours.CheckOwn(_index.Sets, what);
        lock (_lock)
        {
            CheckOpen();
            if (_writers > 1 || _committing) throw new ModelStateException("The refit cannot be bound: another thread commits it or reads its new values.");
            _isBound = true;
        }
    }

    /// <summary>Commits what others have decided. Where that fails the model is torn, for it has other weights than they; where the caller reads the model the update stays bound.</summary>
    /// <param name="decided">What was decided, for messages.</param>
    public LoadReport CommitBound(string decided)
    {
        _decided = decided;
        try
        {
            return Commit(CancellationToken.None);
        }
        catch (Exception e)
        {
            if (!HasWaitedInVain) Unbind(e.Message.Split('\n')[0].Trim());
            throw;
        }
    }

    /// <summary>Ends an update as others have decided, bound or not.</summary>
    /// <param name="reason">Why.</param>
    public void AbandonBound(string reason) => Unbind(reason);

    /// <summary>Ends an update, bound or not, whose weights others have taken without it: the model is torn.</summary>
    /// <param name="decided">What was decided, for messages.</param>
    public void LeaveBehind(string decided)
    {
        _decided = decided;
        Unbind("this rank could not take part");
    }

    private void Unbind(string reason)
    {
        _isBound = false;
        Close(reason);
    }

    private LoadReport MoveIntoPlace(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            CheckOpen();
            if (_phase != UpdatePhase.Prepared || _writers > 0) throw new ModelStateException("The refit cannot be committed: another thread reads its new values.");
            (_phase, _writers) = (UpdatePhase.Committing, _writers + 1);
        }
        using var committing = new Writing(this);
        var phase = UpdatePhase.Failed;
        try
        {
            _index.CheckTree();
            var sets = _index.Sets;
            phase = UpdatePhase.Prepared;
            using (Waiting(stopped => Neighbours.Close(sets, $"The commit of {_index.Root.Map.Type}", stopped), cancellationToken))
            {
                phase = UpdatePhase.Failed;
                _values.CheckLive();
                lock (_lock) CheckOpen();
                foreach (var set in sets) set.State = ModelState.Refitting;
                _values.Move();
                phase = UpdatePhase.Ended;
                return Committed();
            }
        }
        catch (Exception e)
        {
            if (phase == UpdatePhase.Failed) Blame(e);
            throw;
        }
        finally
        {
            lock (_lock) _phase = phase;
        }
    }

    /// <summary>
    /// Gives the model back, or lets the last write do so that is under way: what it writes to must stay. Without a commit a staged update
    /// leaves no trace; an in-place one leaves the model torn once anything was written.
    /// </summary>
    public void Dispose() => Close(null);

    /// <inheritdoc/>
    public bool IsOwn => ReferenceEquals(Own.Value, this);

    /// <inheritdoc/>
    public void End(string reason)
    {
        Close(reason);

        // What it is called from ends it then; what others decide about ends when they have.
        if (IsOwn || IsHeld) return;

        // A write in another thread is not stopped, but what it writes to must stay until it ends.
        SpinWait.SpinUntil(() => _session.HasEnded);
    }

    /// <summary>Ends the update where nothing is written: its lease ran out.</summary>
    public void Expire(string reason)
    {
        lock (_lock)
        {
            // Whatever goes on renews the lease when it ends.
            if (_writers > 0 || _closed || _isBound) return;
        }
        Close(reason);
    }

    private void Close(string? reason)
    {
        bool isFree;
        lock (_lock)
        {
            if (IsHeld)
            {
                EndWanted ??= reason;
                return;
            }

            // Whoever disposes of it while it is committed leaves it to that.
            if (_committing && reason is null)
            {
                _isLeft = true;
                return;
            }
            _reason ??= _closed ? null : reason;
            _closed = true;
            isFree = _writers == 0 && _live;
            if (isFree) _live = false;
        }

        // A commit that waits for readers waits no longer: whoever ends it may be one.
        if (reason is not null) _ending.Cancel();
        if (isFree) Abandon();
    }

    /// <summary>Ends a write. The last one gives the model back where the update has ended meanwhile.</summary>
    private void EndWrite()
    {
        _lease.Renew();
        lock (_lock)
        {
            if (--_writers > 0 || !_closed || !_live) return;
            _live = false;
        }
        Abandon();
    }

    private void BeginInPlace()
    {
        using var closed = Waiting(stopped => Neighbours.Close(_index.Sets, $"A refit of {_index.Root.Map.Type} in place", stopped), CancellationToken.None);
        SetState(ModelState.Refitting);
    }

    /// <summary>Waits for readers, until somebody stops it or ends the update.</summary>
    private T Waiting<T>(Func<CancellationToken, T> wait, CancellationToken cancellationToken)
    {
        HasWaitedInVain = true;
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        try
        {
            var closed = wait(stopped.Token);
            HasWaitedInVain = false;
            return closed;
        }
        catch (OperationCanceledException) when (_closed)
        {
            lock (_lock) CheckOpen();
            throw;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private LoadReport Committed()
    {
        _values.Remember(Writer.Copies);
        DropPending();
        lock (_lock) (_live, _closed) = (false, true);
        SetState(ModelState.Loaded);
        foreach (var module in _index.Modules)
        {
            module.Set.Version = Version;
            module.Set.Complete();
        }
        foreach (var parameter in _index.Modules.Where(_needs.IsUnknown).SelectMany(module => module.Parameters)) parameter.Bound.IsForeign = false;
        Neighbours.Changed(_index.Sets, isOtherWeights: true);
        ModelOwnership.Release(_index, _session);
        var report = _report! with { Generation = _index.Root.Generation, Version = Version };
        _observation.End("committed", Writer.Slots, Writer.Bytes, Version, null, report.Warnings);
        return report;
    }

    private ImmutableArray<LoadProblem> Problems() => Arrivals.Problems(Writer.WrongPadding, _needs, Outside);

    private LoadReport Report(ImmutableArray<NonFinite> nonFinite)
    {
        ImmutableArray<Overflow> overflowed = [.. Writer.Overflowed.Select(found => new Overflow(_account.Summary.NameOf(found.Tensor), found.Elements))];
        return new LoadReport(_account.Tensors, Writer.Slots, Writer.Bytes, [.. _values.Runs])
        {
            MappedBytes = Writer.MappedBytes,
            Ignored = _account.Summary.Ignored,
            Unread = _account.Summary.Unread,
            ReadInPart = [.. _account.Summary.PartReads.Select(read => new PartRead(read.Name, read.Unread))],
            PassedOver = [.. _passedOver],
            OtherFiles = [.. _otherFiles],
            Converted = [.. _account.Summary.Converted.Select(change => new TypeChange(change.Name, $"{change.From}", ElementTypes.Name(change.To)))],
            Overflowed = overflowed,
            Warnings = [.. LoadWarnings.Of(_account.Summary.IgnoredBesideLoaded, overflowed, _account.Tensors == 0 && !_values.HasPatches && _index.Tensors.Count > 0)],
            NonFinite = nonFinite,
            Absent = [.. _values.Absent.Select(parameter => parameter.Name)],
        };
    }

    /// <summary>A write that has begun.</summary>
    /// <param name="isKnown">Whether others' code runs in it, which may end the update: to be known by whoever waits for it then.</param>
    private Writing Begun(bool isKnown)
    {
        var writing = new Writing(this, isKnown ? Own.Value : null, isKnown);
        if (isKnown) Own.Value = this;
        return writing;
    }

    private void CheckOpen()
    {
        _index.Root.CheckNotDisposed();
        if (_closed) throw new ModelStateException($"The refit has ended{(_reason is null ? "" : $" ({_reason})")}: begin another.");
    }

    private void Abandon()
    {
        _values.Undo();
        DropPending();
        var torn = IsTorn || _decided is not null;
        if (torn)
        {
            foreach (var module in _index.Modules) module.Set.TornBecause = (_decided is not null ? _decided.TrimEnd('.') : _values.IsMoving ? "The new values could not all be moved into place" : $"An in-place update ended after {Writer.Slots} slots without completing") + (_reason is null ? "." : $": {_reason.TrimEnd('.')}.");
            SetState(ModelState.Torn);
        }
        else
        {
            foreach (var module in _index.Modules) module.Set.State = _before[module.Position];
        }
        ModelOwnership.Release(_index, _session);
        _observation.End(torn ? "torn" : "abandoned", Writer.Slots, Writer.Bytes, Version, _reason ?? "it was not committed");
    }

    private void DropPending()
    {
        _lease.Dispose();
        Arrivals.Dispose();
        _targets.Dispose();
        Writer.Dispose();
        _values.Patches.Clear();
    }

    private void SetState(ModelState state)
    {
        foreach (var module in _index.Modules) module.Set.State = state;
    }

    /// <summary>A write that is under way.</summary>
    public readonly struct Writing(WeightUpdate update, WeightUpdate? outer = null, bool isKnown = false) : IDisposable
    {
        public void Dispose()
        {
            if (isKnown) Own.Value = outer;
            update.EndWrite();
        }
    }
}
