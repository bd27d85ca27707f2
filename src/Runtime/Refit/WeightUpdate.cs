using System.Collections.Immutable;
using Lanyard.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard;

/// <summary>
/// One change of weights, whole or not at all: the one mechanism behind a first load and every refit. Owns the modules while it
/// lasts. Tensors are admitted, then written (from any number of threads), then committed.
/// </summary>
internal sealed class WeightUpdate : IDisposable
{
    private readonly ModelIndex _index;
    private readonly RefitMode _mode;
    private readonly LoadAccount _account;
    private readonly LoadMode _loading;
    private readonly UpdateObservation _observation;
    private readonly UpdateNeeds _needs;
    private readonly UpdateTargets _targets;
    private readonly ModuleUpdate[] _modules;
    private readonly UpdatePatches _patches = new();
    private readonly ScalePairing _pairing = new();
    private readonly TiedDigests _ties = new();
    private readonly ModelState[] _before;
    private readonly Lock _lock = new();
    private bool _live = true;
    private bool _closed;
    private int _writers;
    private bool _touched;
    private bool _failed;
    private bool _cut;
    private bool _moving;
    private int _entered;
    private int _slots;
    private long _bytes;
    private long _mapped;

    /// <exception cref="ModelStateException">Another refit owns the model.</exception>
    public WeightUpdate(ModelIndex index, RefitMode mode, RefitScope scope, LoadOptions options)
    {
        (_index, _mode, _account, _loading) = (index, mode, new LoadAccount(index, options), options.Mode);

        // First of all, since what another update has made of the states is none of this one's.
        ModelOwnership.Take(index, this);
        _before = [.. index.Modules.Select(module => module.Set.State)];
        _needs = new UpdateNeeds(index, _account, scope, _before);
        _targets = new UpdateTargets(mode, index.Positions);
        _modules = [.. index.Modules.Select(module => new ModuleUpdate(module, _targets, _needs.IsUnknown(module)))];
        try
        {
            _observation = new UpdateObservation(mode, options.Logger);
        }
        catch
        {
            // A listener to activities.
            ModelOwnership.Release(index, this);
            throw;
        }
        if (mode == RefitMode.InPlace) SetState(ModelState.Refitting);
    }

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

    /// <summary>Enters a tensor in the books; null where nothing is to be written.</summary>
    public Admission? Admit(string name, ImmutableArray<long> shape, torch.ScalarType type) => Admit(new Arrival(name, shape, type));

    /// <inheritdoc cref="Admit(string, ImmutableArray{long}, torch.ScalarType)"/>
    public Admission? Admit(Arrival arrival)
    {
        lock (_lock)
        {
            var admission = _account.Admit(arrival);
            _entered += admission?.Slots ?? 0;
            return admission;
        }
    }

    /// <summary>Enters that a write of many tensors failed, so that nobody knows which of them were looked at: the update cannot be committed.</summary>
    public void CutShort() => _cut = true;

    /// <summary>Whether any tensor has two names.</summary>
    public bool HasTied => _index.HasTied;

    /// <summary>The tensor of a name, where it has two: tied weights.</summary>
    public ModelTensor? Tied(string name) => HasTied && _index.Find(name) is { Aliases.IsEmpty: false } tensor ? tensor : null;

    /// <summary>Compares a tied tensor with what came under its other name.</summary>
    public void CompareTied(ModelTensor tensor, torch.Tensor value, string place = "")
    {
        if (_ties.Agrees(tensor, place, value)) return;
        lock (_lock) _account.ReportTied(tensor);
    }

    /// <summary>
    /// Writes every slot that an admitted tensor fills. A quantised tensor waits for its scales, and scales for theirs, whichever comes
    /// first: the later one writes both.
    /// </summary>
    /// <param name="admission">Where the tensor's elements go.</param>
    /// <param name="source">The stored tensor, whole and contiguous.</param>
    /// <param name="lasting">Whether the source never changes, as a mapped file; any other is read before the call returns.</param>
    /// <returns>The number of slots that were written.</returns>
    public int Write(Admission admission, torch.Tensor source, bool lasting = false)
    {
        var written = 0;
        foreach (var use in admission.Uses)
        {
            if (use.Scale is null) Write(use, source, null);
        }
        if (admission.Tensor.IsEncoded) _pairing.Bring(admission, source, lasting, Write);
        return written;

        void Write(TensorUse use, torch.Tensor stored, torch.Tensor? scale)
        {
            // Scales of another format; the books have them.
            if (scale is not null && !use.TakesScale([.. scale.shape])) return;
            this.Write(use, stored, scale);
            written += use.Slots.Length;
        }
    }

    /// <summary>Whether tensors of a mapped file may become the storage of parameters.</summary>
    public bool Maps => _loading == LoadMode.Map && _mode == RefitMode.InPlace;

    /// <summary>Makes an admitted tensor of a mapped file the storage of its parameter, where that was asked for and the two are the same.</summary>
    /// <returns>False where it must be copied; then nothing was done.</returns>
    public bool TryMap(Admission admission, CheckpointTensor stored, CheckpointMappings mappings)
    {
        if (!Maps || admission.Tensor.IsEncoded || stored.Length == 0) return false;

        // A tensor of two parameters is copied: they would share pages, and part at a refit.
        if (admission.Uses is not [{ Encoding.IsPlain: true, Slots: [var slot] } use] || _before[use.Parameter.Module.Position] != ModelState.Building) return false;
        var bound = use.Parameter.Bound;

        // Tensors of another format, which the commit will refuse, are written to the storage that is there.
        if (_targets.Find(use.Parameter) is not null) return false;
        if (bound.IsTransformed || bound.Value.device_type != DeviceType.CPU || bound.Value.dtype != stored.DType.ToScalarType() || bound.Value.numel() != slot.Count) return false;
        if (slot is not { Sizes: [] } and not { Sizes: [_], TensorStrides: [1], ParameterStrides: [1] }) return false;
        using var noGrad = torch.no_grad();
        using var view = mappings.View(stored, slot.TensorOffset, [.. bound.ModelShape]);
        if (view is null) return false;
        bound.Value.set_(view);
        Interlocked.Add(ref _mapped, use.Elements * bound.Value.element_size());
        Enter(use, Target(use.Parameter));
        return true;
    }

    /// <summary>
    /// Adds the copies of an admitted tensor to a batch instead of writing it. <see cref="Enter(Admission)"/> must follow when they are done.
    /// </summary>
    /// <param name="admission">Where the tensor's elements go.</param>
    /// <param name="address">The address of the whole tensor.</param>
    /// <param name="bytes">The bytes that it takes.</param>
    /// <param name="type">Its type.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>False where the tensor is more than a copy within the memory of this process; then nothing was added.</returns>
    public bool TryAdd(Admission admission, nint address, long bytes, torch.ScalarType type, CopyBatch batch)
    {
        if (admission.Tensor.Scales.Count > 0) return false;
        foreach (var use in admission.Uses)
        {
            if (!use.Slots.IsEmpty && !(use.Encoding.IsPlain && Target(use.Parameter) is { Address: not 0 } target && !target.Overlaps(address, bytes) && ElementCopies.Of(type, target.Type) is not null)) return false;
        }
        foreach (var use in admission.Uses)
        {
            if (use.Slots.IsEmpty) continue;
            var target = Target(use.Parameter);
            var elements = ElementCopies.Of(type, target.Type)!.Value;
            foreach (var slot in use.Slots) batch.Add(address, target.Address, StridedCopy.Into(slot), elements);
        }
        return true;
    }

    /// <summary>Enters that all slots of an admitted tensor were written.</summary>
    public void Enter(Admission admission)
    {
        foreach (var use in admission.Uses)
        {
            if (!use.Slots.IsEmpty) Enter(use, Target(use.Parameter));
        }
    }

    /// <summary>
    /// The parameter whose shadow a tensor is written to, or whose scales it holds, where post-load frees that shadow early; null where it
    /// goes into live storage, and in a staged update, which keeps all shadows to its end: then it makes no difference what comes first.
    /// </summary>
    public ModelParameter? Shadowed(Admission admission)
    {
        if (_mode == RefitMode.Staged) return null;
        foreach (var use in admission.Uses)
        {
            if (!use.Slots.IsEmpty && _targets.NeedsShadow(use.Parameter)) return use.Parameter;
        }
        return admission.Tensor.Scales.Find(use => !use.Slots.IsEmpty && _targets.NeedsShadow(use.Parameter))?.Parameter;
    }

    /// <summary>In place, runs the post-load methods that have all they read by now, and frees what was needed for them alone.</summary>
    /// <param name="written">Tensors that were written.</param>
    /// <exception cref="ModelStateException">A post-load method made another shape, type or layout than before.</exception>
    public void Advance(IEnumerable<Admission> written)
    {
        if (_mode != RefitMode.InPlace || !_index.HasPostLoads) return;
        try
        {
            var modules = new HashSet<ModelModule>();
            foreach (var admission in written)
            {
                foreach (var use in admission.Uses) Enter(use);
                foreach (var use in admission.Tensor.Scales) Enter(use);
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

    private void Write(TensorUse use, torch.Tensor source, torch.Tensor? scale)
    {
        if (use.Slots.IsEmpty) return;
        var target = Target(use.Parameter);
        if (use.Encoding.IsPlain)
        {
            var address = TensorAddress.Reach(source, out var bytes);
            using var own = target.Overlaps(address, bytes) ? source.clone() : null;
            SlotCopy.Write(own ?? source, own is null ? address : TensorAddress.Reach(own), target.Value, target.Address, use.Slots);
        }
        else
        {
            using var noGrad = torch.no_grad();
            var box = DecodedBox.Of(use.Shape, use.Encoding, use.Slots);
            using var decoded = TensorDecoder.Decode(source, scale, use.Shape, use.Encoding, box);
            SlotCopy.Write(decoded, TensorAddress.Reach(decoded), target.Value, target.Address, [.. use.Slots.Select(box.Inside)]);
        }
        Enter(use, target);
    }

    private void Enter(TensorUse use, UpdateTarget target)
    {
        target.Enter(use);
        Interlocked.Add(ref _slots, use.Slots.Length);
        Interlocked.Add(ref _bytes, use.Elements * target.ElementSize);
    }

    /// <summary>Brings a few elements of a tensor; they are written at the commit.</summary>
    /// <param name="name">The full name of the checkpoint tensor.</param>
    /// <param name="indices">Flat indices into the whole checkpoint tensor, int64 [count].</param>
    /// <param name="values">Their values [count].</param>
    public void Patch(string name, torch.Tensor indices, torch.Tensor values)
    {
        if (_before.Any(state => state != ModelState.Loaded)) throw new ModelStateException("A model that was never loaded, or is torn, cannot be patched: bring whole tensors.");
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (places, elements) = (indices.cpu().contiguous(), values.detach().cpu().contiguous().resolve_neg().resolve_conj());
        Admission? admission;
        lock (_lock)
        {
            admission = _account.AdmitPatch(name, values.dtype, count => _patches.Enter(_index.Find(name)!, places, count));
            if (admission is null) return;
            _entered += admission.Slots;
        }
        foreach (var use in admission.Uses)
        {
            Interlocked.Add(ref _bytes, _patches.Add(use, places, elements) * use.Parameter.Bound.Value.element_size());
            Interlocked.Add(ref _slots, use.Slots.Length);
        }
    }

    /// <summary>Throws where the update would leave the model in pieces. Nothing is changed by the check.</summary>
    /// <param name="checkpoint">The file or folder that all tensors are in, or null.</param>
    /// <exception cref="LoadException">Lists everything wrong.</exception>
    public void Check(string? checkpoint = null)
    {
        var problems = _account.Problems(_needs.Missing());
        if (problems.IsEmpty) return;
        var torn = _mode == RefitMode.InPlace && _touched;
        var outcome = torn ? "The model is torn: some weights were already replaced." : "Nothing was changed.";
        if (checkpoint is null && _scope == RefitScope.Whole && IsSubset(problems)) outcome += " A refit that brings less begins with RefitScope.Subset.";
        throw new LoadException(outcome, problems, checkpoint);
    }

    /// <summary>Whether what came is right, and a loaded model could keep the rest.</summary>
    private bool IsSubset(ImmutableArray<LoadProblem> problems) =>
        (_account.Tensors > 0 || _patches.Any) && Array.TrueForAll(_before, state => state == ModelState.Loaded) && problems.All(problem => problem.Kind == LoadProblemKind.Missing);

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
        Check();
        if (_failed || _slots != _entered) throw new ModelStateException($"Of {_entered} slots {_slots} were written{(_failed ? ", and a post-load method failed" : "")}: a write failed, was cancelled, or is still under way. Begin another refit.");
        using var moves = new ValueMoves();
        using (torch.no_grad())
        {
            try
            {
                _targets.Fill(_account.IsWhole);
                _touched |= _patches.Any;
                _patches.Apply(parameter => _targets.Find(parameter)?.Value ?? parameter.Bound.Value);
                foreach (var module in _index.Modules)
                {
                    var update = _modules[module.Position];
                    update.Complete(_needs.PostLoads(module));
                    if (_mode == RefitMode.InPlace) update.Finish();
                }
            }
            catch
            {
                foreach (var update in _modules) update.Undo();
                _patches.TakeBack();
                throw;
            }

            // From here on a failure leaves some values moved, some not.
            _moving = true;
            foreach (var update in _modules) update.Finish(moves);
            moves.Run();
        }
        DropPending();
        _live = false;
        SetState(ModelState.Loaded);
        foreach (var module in _index.Modules) module.Set.Generation++;
        foreach (var parameter in _index.Parameters) parameter.Bound.HasForeignPadding = false;
        ModelOwnership.Release(_index, this);
        _observation.End("committed", _slots, _bytes);
        return new LoadReport(_account.Tensors, _slots, _bytes, [.. _modules.SelectMany(update => update.Runs)]) { MappedBytes = _mapped };
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

    private void CheckOpen()
    {
        if (_closed) throw new ModelStateException("The refit has ended: begin another.");
    }

    private void Abandon()
    {
        foreach (var update in _modules) update.Undo();
        DropPending();
        var torn = _moving || (_mode == RefitMode.InPlace && _touched);
        if (torn)
        {
            foreach (var module in _index.Modules) module.Set.TornBecause = _moving ? "The new values could not all be moved into place." : $"An in-place update ended after {_slots} slots without completing.";
            SetState(ModelState.Torn);
        }
        else
        {
            foreach (var module in _index.Modules) module.Set.State = _before[module.Position];
        }
        ModelOwnership.Release(_index, this);
        _observation.End(torn ? "torn" : "abandoned", _slots, _bytes);
    }

    private void DropPending()
    {
        _targets.Dispose();
        _pairing.Dispose();
        _patches.Dispose();
    }

    private UpdateTarget Target(ModelParameter parameter)
    {
        var target = _targets.Of(parameter);
        _touched = true;
        return target;
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
