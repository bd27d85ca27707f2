using System.Collections.Immutable;
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
    private readonly RefitScope _scope;
    private readonly LoadAccount _account;
    private readonly UpdateObservation _observation;
    private readonly Dictionary<ModelParameter, Parameter> _targets = [];
    private readonly List<SlotPatch> _patches = [];
    private readonly List<(SlotPatch Back, Parameter Target)> _applied = [];
    private readonly PatchedIndices _patched = new();
    private readonly ScalePairing _pairing = new();
    private readonly TiedDigests _ties = new();
    private readonly ModelState[] _before;
    private readonly Lock _lock = new();
    private bool _live = true;
    private bool _touched;
    private int _entered;
    private int _slots;
    private long _bytes;

    /// <exception cref="ModelStateException">Another refit owns the model.</exception>
    public WeightUpdate(ModelIndex index, RefitMode mode, RefitScope scope, LoadOptions options)
    {
        (_index, _mode, _scope, _account) = (index, mode, scope, new LoadAccount(index, options));
        _before = [.. index.Modules.Select(module => module.Set.State)];
        ModelOwnership.Take(index, this);
        _observation = new UpdateObservation(mode, options.Logger);
        if (mode == RefitMode.InPlace) SetState(ModelState.Refitting);
    }

    /// <summary>Enters a tensor in the books; null where nothing is to be written.</summary>
    public Admission? Admit(string name, ImmutableArray<long> shape, torch.ScalarType type)
    {
        lock (_lock)
        {
            var admission = _account.Admit(name, shape, type);
            _entered += admission?.Slots ?? 0;
            return admission;
        }
    }

    /// <summary>The tensor of a name, where it has two: tied weights.</summary>
    public ModelTensor? Tied(string name) => _index.Find(name) is { Aliases.IsEmpty: false } tensor ? tensor : null;

    /// <summary>Compares a tied tensor with what came under its other name.</summary>
    public void CompareTied(ModelTensor tensor, torch.Tensor value)
    {
        if (_ties.Agrees(tensor, value)) return;
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
        foreach (var use in admission.Uses.Where(use => use.Scale is null)) Write(use, source, null);
        _pairing.Bring(admission, source, lasting, Write);
        return written;

        void Write(TensorUse use, torch.Tensor stored, torch.Tensor? scale)
        {
            // Scales of another format; the books have them.
            if (scale is not null && !use.TakesScale([.. scale.shape])) return;
            this.Write(use, stored, scale);
            written += use.Slots.Length;
        }
    }

    private void Write(TensorUse use, torch.Tensor source, torch.Tensor? scale)
    {
        if (use.Slots.IsEmpty) return;
        using var noGrad = torch.no_grad();
        var target = Target(use.Parameter);
        if (use.Encoding.IsPlain)
        {
            foreach (var slot in use.Slots) SlotCopy.Write(source, target, slot);
        }
        else
        {
            var box = DecodedBox.Of(use);
            using var decoded = TensorDecoder.Decode(source, scale, use, box);
            foreach (var slot in use.Slots) SlotCopy.Write(decoded, target, box.Inside(slot));
        }
        Interlocked.Add(ref _slots, use.Slots.Length);
        Interlocked.Add(ref _bytes, use.Slots.Sum(slot => slot.Count) * target.element_size());
    }

    /// <summary>Brings a few elements of a tensor; they are written at the commit.</summary>
    /// <param name="name">The full name of the checkpoint tensor.</param>
    /// <param name="indices">Flat indices into the whole checkpoint tensor, int64 [count].</param>
    /// <param name="values">Their values [count].</param>
    public void Patch(string name, torch.Tensor indices, torch.Tensor values)
    {
        if (_before.Any(state => state != ModelState.Loaded)) throw new ModelStateException("A model that was never loaded, or is torn, cannot be patched: bring whole tensors.");
        Admission? admission;
        var (sorted, order) = indices.sort();
        using var ascending = sorted;
        order.Dispose();
        lock (_lock)
        {
            admission = _account.AdmitPatch(name, values.dtype, elements => PatchFault.Of(sorted, elements) ?? _patched.Overlaps(_index.Find(name)!, sorted));
            if (admission is null) return;
            _patched.Add(admission.Tensor, sorted);
            _entered += admission.Slots;
        }
        using var noGrad = torch.no_grad();
        foreach (var use in admission.Uses)
        {
            foreach (var slot in use.Slots)
            {
                var patch = SlotPatch.Of(use.Parameter, slot, indices, values);
                lock (_lock) _patches.Add(patch);
                Interlocked.Add(ref _bytes, patch.Positions.numel() * use.Parameter.Bound.Value.element_size());
            }
            Interlocked.Add(ref _slots, use.Slots.Length);
        }
    }

    /// <summary>Throws where the update would leave the model in pieces. Nothing is changed by the check.</summary>
    /// <exception cref="LoadException">Lists everything wrong.</exception>
    public void Check()
    {
        var problems = _account.Problems(Missing());
        if (problems.IsEmpty) return;
        var torn = _mode == RefitMode.InPlace && _touched;
        throw new LoadException(torn ? "The model is torn: some weights were already replaced." : "Nothing was changed.", problems);
    }

    /// <summary>Re-runs the post-load methods that depend on what changed and moves everything into the live storage.</summary>
    /// <exception cref="LoadException">The update is not complete, or tensors were wrong.</exception>
    public LoadReport Commit()
    {
        using var activity = _observation.Commit();
        Check();
        if (_slots != _entered) throw new ModelStateException($"Of {_entered} slots {_slots} were written: a write failed, was cancelled, or is still under way. Begin another refit.");
        var runs = new List<string>();
        var changes = new List<ModuleChange>();
        using (torch.no_grad())
        {
            try
            {
                ApplyPatches();
                foreach (var module in _index.Modules)
                {
                    var change = new ModuleChange(module, _targets, Unknown(module));
                    changes.Add(change);
                    foreach (var method in PostLoads(module)) runs.Add(change.Run(method));
                    change.CheckLayout();
                    if (_mode == RefitMode.InPlace) change.Finish();
                }
            }
            catch
            {
                foreach (var change in changes) change.Undo();
                TakePatchesBack();
                throw;
            }
            foreach (var change in changes) change.Finish();
        }
        _targets.Clear();
        DropPending();
        _live = false;
        SetState(ModelState.Loaded);
        foreach (var module in _index.Modules) module.Set.Generation++;
        ModelOwnership.Release(_index, this);
        _observation.End("committed", _slots, _bytes);
        return new LoadReport(_account.Tensors, _slots, _bytes, [.. runs]);
    }

    /// <summary>Gives the model back. Without a commit a staged update leaves no trace; an in-place one leaves the model torn once anything was written.</summary>
    public void Dispose()
    {
        if (!_live) return;
        _live = false;
        foreach (var (parameter, target) in _targets)
        {
            if (!ReferenceEquals(target, parameter.Bound.Value)) target.Dispose();
        }
        _targets.Clear();
        DropPending();
        if (_mode == RefitMode.InPlace && _touched)
        {
            foreach (var module in _index.Modules) module.Set.TornBecause = $"An in-place update ended after {_slots} slots without completing.";
            SetState(ModelState.Torn);
        }
        else
        {
            foreach (var module in _index.Modules) module.Set.State = _before[module.Position];
        }
        ModelOwnership.Release(_index, this);
        _observation.End(_mode == RefitMode.InPlace && _touched ? "torn" : "abandoned", _slots, _bytes);
    }

    /// <summary>Writes the patched elements where whole tensors of the session went, or into live storage, remembering the old ones.</summary>
    private void ApplyPatches()
    {
        _touched |= _patches.Count > 0;
        foreach (var patch in _patches)
        {
            var target = _targets.TryGetValue(patch.Parameter, out var written) ? written : patch.Parameter.Bound.Value;
            _applied.Add((patch.Apply(target), target));
        }
    }

    private void TakePatchesBack()
    {
        foreach (var (back, target) in _applied)
        {
            if (target.IsInvalid) continue;
            back.Apply(target).Dispose();
        }
    }

    private void DropPending()
    {
        _pairing.Dispose();
        foreach (var patch in _patches) patch.Dispose();
        foreach (var (back, _) in _applied) back.Dispose();
        _patches.Clear();
        _applied.Clear();
        _patched.Dispose();
    }

    /// <summary>Whether the module was never loaded, or is torn: nothing of what is in it can stay.</summary>
    private bool Unknown(ModelModule module) => _before[module.Position] is not ModelState.Loaded;

    private Parameter Target(ModelParameter parameter)
    {
        lock (_lock)
        {
            _touched = true;
            if (_targets.TryGetValue(parameter, out var target)) return target;
            var bound = parameter.Bound;
            target = !bound.IsTransformed && _mode == RefitMode.InPlace ? bound.Value : Shadow(bound);
            _targets.Add(parameter, target);
            return target;
        }
    }

    /// <summary>A tensor in the model layout: the old value where it is in that layout, since a refit may bring a part; else empty, since it must bring all.</summary>
    private static Parameter Shadow(BoundParameter bound)
    {
        var live = bound.Value;
        var shadow = !bound.IsTransformed
            ? live.clone()
            : torch.zeros([.. bound.ModelShape], bound.ModelType, live.device);
        return new Parameter(shadow.DetachFromDisposeScope(), requires_grad: false);
    }

    private IEnumerable<LoadProblem> Missing()
    {
        foreach (var module in _index.Modules)
        {
            var needed = _scope == RefitScope.Whole || Unknown(module) ? module.Parameters : module.Parameters.Where(parameter => _account.Touches(parameter) && parameter.Bound.IsTransformed)
                .Concat(PostLoads(module).SelectMany(method => Transformed(module, method)));
            foreach (var parameter in needed)
            {
                foreach (var problem in _account.Missing(parameter)) yield return problem;
            }
        }
    }

    /// <summary>The parameters that a post-load method reads in the model layout and then replaces: it can only run again where they come again.</summary>
    private static IEnumerable<ModelParameter> Transformed(ModelModule module, int method)
    {
        var entry = module.Set.Map.PostLoads[method];
        return entry.Reads.Intersect(entry.Writes).Select(i => module.Parameters[i]);
    }

    /// <summary>The methods to run, in order: all after a first load, else those that depend on what changed.</summary>
    private IEnumerable<int> PostLoads(ModelModule module)
    {
        var entries = module.Set.Map.PostLoads;
        var all = Unknown(module);
        var changed = module.Parameters.Where(_account.Touches).Select(parameter => parameter.Bound.Entry.Index).ToHashSet();
        for (var i = 0; i < entries.Length; i++)
        {
            if (!all && !entries[i].Reads.Any(changed.Contains)) continue;
            changed.UnionWith(entries[i].Writes);
            yield return i;
        }
    }

    private void SetState(ModelState state)
    {
        foreach (var module in _index.Modules) module.Set.State = state;
    }
}
