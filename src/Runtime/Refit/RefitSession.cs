using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Lanyard.Books;
using Lanyard.Checkpoints;
using Lanyard.Checksums;
using Lanyard.Copies;
using Lanyard.Index;
using Lanyard.Memory;
using Lanyard.Parts;
using Lanyard.Updates;
using TorchSharp;

namespace Lanyard;

/// <summary>
/// One refit of a live model: weights in checkpoint layout come in any order and from any thread, and take effect together at
/// <see cref="Commit()"/>, or not at all. Made by <see cref="RefitExtensions.BeginRefit(IParameterModule, RefitMode, RefitScope, LoadOptions)"/>.
/// </summary>
public sealed class RefitSession : IDisposable
{
    private readonly ModelIndex _index;
    private readonly WeightUpdate _update;
    private readonly string? _group;

    /// <summary>What the weights are called once they are live: <see cref="LoadOptions.Version"/>.</summary>
    public string? Version
    {
        get => _update.Version;
        set
        {
            CheckOwn("has a version that its group knows");
            _update.Version = value;
        }
    }

    /// <summary>The version that the model must have for what comes to fit: <see cref="LoadOptions.BuildsOn"/>.</summary>
    /// <exception cref="ModelStateException">The model has another one.</exception>
    public string? BuildsOn
    {
        get => _update.BuildsOn;
        set
        {
            CheckOwn("builds on the version of its group");
            _update.BuildsOn = value;
        }
    }

    internal RefitSession(ModelIndex index, RefitMode mode, RefitScope scope, LoadOptions options, string? group = null)
    {
        (_index, _group) = (index, group);
        _update = new WeightUpdate(index, $"{(mode == RefitMode.Staged ? "a staged refit" : "an in-place refit")}{(group is null ? "" : $" of {group}")}", mode, scope, options);
    }

    /// <summary>
    /// Brings one whole checkpoint tensor. A wrong one is not written; <see cref="Commit()"/> reports it together with all others.
    /// </summary>
    /// <param name="name">The full name in the checkpoint.</param>
    /// <param name="tensor">The tensor in checkpoint layout, on any device, of any strides; it stays the caller's and may change after the call. In place it does not lie in the memory of the model.</param>
    /// <exception cref="ArgumentException">The tensor is sparse, or has no values: it is on the meta device.</exception>
    /// <exception cref="InvalidOperationException">The tensor has been disposed; TorchSharp says so.</exception>
    /// <exception cref="ModelStateException">
    /// The session has ended, the model is on the meta device, or, in place, a post-load method that runs now made another shape or type
    /// than before. What such a method throws comes out as it is.
    /// </exception>
    public void Write(string name, torch.Tensor tensor) => Write(name, tensor, slice: false, start: default);

    /// <summary>
    /// Brings many whole checkpoint tensors, by all processors: what a loop over <see cref="Write(string, torch.Tensor)"/> does, in a
    /// fraction of the time where they are small. A trainer's state dictionary is such a collection where it has the checkpoint's names;
    /// that of a model of ours has the names of its properties.
    /// </summary>
    /// <remarks>
    /// Arrays, lists and the dictionaries of .NET hold all their tensors at once. Any other collection is read one by one, as that loop
    /// would: a tensor is read before the next is asked for, which may then have its memory.
    /// </remarks>
    /// <param name="tensors">The tensors by their full names in the checkpoint; each as for <see cref="Write(string, torch.Tensor)"/>.</param>
    /// <param name="cancellationToken">Stops between tensors.</param>
    /// <exception cref="ArgumentException">As <see cref="Write(string, torch.Tensor)"/>. The session cannot be committed after this or any other exception.</exception>
    /// <exception cref="ModelStateException">As <see cref="Write(string, torch.Tensor)"/>.</exception>
    /// <exception cref="OperationCanceledException">The session was cancelled; dispose it.</exception>
    public void Write(IEnumerable<KeyValuePair<string, torch.Tensor>> tensors, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        WriteMany(() =>
        {
            if (IsHeld(tensors)) WriteHeld([.. tensors], cancellationToken);
            else WriteEach(tensors.Select(tensor => (tensor.Key, tensor.Value)), cancellationToken);
        });
    }

    /// <inheritdoc cref="Write(IEnumerable{KeyValuePair{string, torch.Tensor}}, CancellationToken)"/>
    public void Write(IEnumerable<(string Name, torch.Tensor Tensor)> tensors, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        WriteMany(() =>
        {
            if (tensors is (string, torch.Tensor)[] or List<(string, torch.Tensor)> or ImmutableArray<(string, torch.Tensor)>) WriteHeld([.. tensors.Select(tensor => KeyValuePair.Create(tensor.Name, tensor.Tensor))], cancellationToken);
            else WriteEach(tensors, cancellationToken);
        });
    }

    /// <summary>
    /// Brings a chunk of one checkpoint tensor. Chunks come in any order and from any thread; together they must give every element that
    /// this rank takes, and none twice. What overlaps and what lacks is reported by <see cref="Commit()"/>.
    /// </summary>
    /// <param name="name">The full name in the checkpoint.</param>
    /// <param name="tensor">The chunk in checkpoint layout, with as many dimensions as the whole tensor; as for <see cref="Write(string, torch.Tensor)"/>.</param>
    /// <param name="start">Where it begins in the whole, unsliced checkpoint tensor: one index for each dimension.</param>
    /// <exception cref="ArgumentException">There is not one index for each dimension.</exception>
    /// <exception cref="ModelStateException">The session has ended.</exception>
    public void Write(string name, torch.Tensor tensor, ReadOnlySpan<long> start) => Write(name, tensor, slice: false, Checked(start, tensor));

    /// <summary>
    /// Brings the slice of one checkpoint tensor that this rank holds, as <see cref="ExportExtensions.Export(IParameterModule, string, ExportOptions)"/> writes it: a dense array
    /// in checkpoint layout that has of each axis the indices held, ascending, and no padding of a rounded axis. Where the rank holds
    /// everything it is the whole tensor; where it holds nothing the slice is left out, or has no elements.
    /// </summary>
    /// <param name="name">The full name in the checkpoint.</param>
    /// <param name="tensor">The slice; as for <see cref="Write(string, torch.Tensor)"/>.</param>
    /// <exception cref="InvalidOperationException">The indices that the rank holds cut a block of the tensor, so that it has no slice.</exception>
    /// <exception cref="ModelStateException">The session has ended.</exception>
    public void WriteSlice(string name, torch.Tensor tensor) => Write(name, tensor, slice: true, start: default);

    /// <summary>Brings a chunk of the slice of one checkpoint tensor that this rank holds.</summary>
    /// <param name="name">The full name in the checkpoint.</param>
    /// <param name="tensor">The chunk of the slice; as for <see cref="Write(string, torch.Tensor, ReadOnlySpan{long})"/>.</param>
    /// <param name="start">Where it begins in the slice: one index for each dimension.</param>
    /// <exception cref="ArgumentException">There is not one index for each dimension.</exception>
    /// <exception cref="InvalidOperationException">As <see cref="WriteSlice(string, torch.Tensor)"/>.</exception>
    /// <exception cref="ModelStateException">The session has ended.</exception>
    public void WriteSlice(string name, torch.Tensor tensor, ReadOnlySpan<long> start) => Write(name, tensor, slice: true, Checked(start, tensor));

    /// <summary>
    /// Brings a few elements of one checkpoint tensor, straight into kernel storage whatever its layout: what a step of reinforcement
    /// learning changes. Elements that other ranks hold are skipped. They are written at the <see cref="Commit()"/>; cost and memory
    /// follow their number.
    /// </summary>
    /// <param name="name">The full name in the checkpoint.</param>
    /// <param name="indices">Flat indices into the whole, unsliced checkpoint tensor: int64, int32 or any other type of whole numbers [count], each once, in any order.</param>
    /// <param name="values">Their values: [count].</param>
    /// <exception cref="ArgumentException">The indices are no whole numbers, or their number is not that of the values.</exception>
    /// <exception cref="ModelStateException">The session has ended, or the model was never loaded.</exception>
    public void Patch(string name, torch.Tensor indices, torch.Tensor values) => Patch(new TensorPatch(name, indices, values));

    /// <inheritdoc cref="Patch(string, torch.Tensor, torch.Tensor)"/>
    /// <param name="patch">The elements.</param>
    public void Patch(TensorPatch patch)
    {
        CheckGiven(patch);
        using var writing = _update.BeginWrite();
        GivenPatch.Check(patch);
        GivenPatch.Write(_update, _update.Patches, patch);
    }

    /// <summary>
    /// Brings a few elements of many checkpoint tensors, by all processors: what a loop over <see cref="Patch(TensorPatch)"/> does, in a
    /// fraction of the time where they are few.
    /// </summary>
    /// <remarks>As of whole tensors: arrays and lists hold all at once, and any other collection is read one by one.</remarks>
    /// <param name="patches">The elements, in any order; those of one tensor may come in several.</param>
    /// <param name="cancellationToken">Stops between patches.</param>
    /// <exception cref="ArgumentException">As <see cref="Patch(TensorPatch)"/>. The session cannot be committed after this or any other exception.</exception>
    /// <exception cref="ModelStateException">As <see cref="Patch(TensorPatch)"/>.</exception>
    /// <exception cref="OperationCanceledException">The session was cancelled; dispose it.</exception>
    public void Patch(IEnumerable<TensorPatch> patches, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(patches);
        WriteMany(() =>
        {
            var all = _update.Patches;
            if (patches is TensorPatch[] or List<TensorPatch> or ImmutableArray<TensorPatch>)
            {
                var pieces = patches.Chunk(WeightCopy.PieceTensors).ToArray();
                Workers.Run(pieces.Length, piece => Array.ForEach(pieces[piece], Write), cancellationToken);
                return;
            }
            foreach (var patch in patches)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Write(patch);
            }

            void Write(TensorPatch patch)
            {
                CheckGiven(patch);
                GivenPatch.Check(patch);
                GivenPatch.Write(_update, all, patch);
            }
        });
    }

    /// <summary>
    /// Announces that whole checkpoint tensors will be written into the memory of the model by somebody else, such as a transport that writes to the
    /// memory of another machine. In place alone. From now on a session that is not committed leaves the model torn.
    /// </summary>
    /// <param name="names">The full names in the checkpoint.</param>
    /// <returns>Where the tensors lie, as <see cref="SlotsExtensions.Slots(IParameterModule, string)"/> says it.</returns>
    /// <exception cref="LoadException">Some are not in memory as they are stored, unknown, or announced already: all are listed, and none is announced. What is not in memory is brought with <see cref="Write(string, torch.Tensor)"/>.</exception>
    /// <exception cref="ModelStateException">The session has ended, or is a staged one, which writes nothing into the model before its commit.</exception>
    public ImmutableArray<TensorSlots> Announce(params ReadOnlySpan<string> names)
    {
        using var writing = _update.BeginWrite();
        return Outside().Announce(names);
    }

    /// <summary>
    /// Says that announced tensors are there, all of what this rank takes of them, in the type that the memory has. They count as brought: post-load
    /// methods that depend on them run again, as after a write. Padding beside them must still be zero, and is looked at; the values themselves are
    /// whatever was written.
    /// </summary>
    /// <param name="names">The names as they were announced.</param>
    /// <exception cref="ModelStateException">The session has ended or is a staged one, or one was not announced. Else as <see cref="Write(string, torch.Tensor)"/>.</exception>
    public void Written(params ReadOnlySpan<string> names)
    {
        using var writing = _update.BeginWrite();
        var outside = Outside();
        foreach (var name in names)
        {
            if (outside.Written(name) is { } place) _update.Advance([place]);
            _update.WriteDecided();
        }
    }

    /// <summary>Brings every tensor of a checkpoint, in parallel.</summary>
    /// <param name="checkpoint">The checkpoint; it may be disposed after the call.</param>
    /// <param name="progress">Told after each tensor, from several threads.</param>
    /// <param name="cancellationToken">Stops between tensors.</param>
    /// <exception cref="CheckpointException">A file has changed since it was opened, or cannot be read. The session cannot be committed after this or any other exception.</exception>
    /// <exception cref="ModelStateException">As <see cref="Write(string, torch.Tensor)"/>.</exception>
    /// <exception cref="OperationCanceledException">The session was cancelled; dispose it.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    public void Write(Checkpoint checkpoint, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default) => WriteBelow(checkpoint, null, progress, cancellationToken);

    /// <inheritdoc cref="Write(Checkpoint, IProgress{LoadProgress}, CancellationToken)"/>
    /// <summary>Brings those tensors of a checkpoint of the whole that lie below a prefix, where the model is a part of a tree.</summary>
    /// <param name="checkpoint">The checkpoint; it may be disposed after the call.</param>
    /// <param name="below">As for <see cref="LoadPlan.Create(IParameterModule, Checkpoint, LoadOptions, string)"/>.</param>
    /// <param name="progress">Told after each tensor, from several threads.</param>
    /// <param name="cancellationToken">Stops between tensors.</param>
    /// <exception cref="LoadException">No name begins with <paramref name="below"/>.</exception>
    public void Write(Checkpoint checkpoint, string below, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(below);
        WriteBelow(checkpoint, below, progress, cancellationToken);
    }

    /// <summary>
    /// Makes everything ready for <see cref="Commit()"/>: checks that all has come and is right, and re-runs the post-load methods that depend on what changed, beside the live
    /// values, which whoever runs the model reads meanwhile. From then on <see cref="Commit()"/> only moves values, and <see cref="Dispose"/> leaves the old weights, bit for bit. In
    /// place there is no way back.
    /// </summary>
    /// <remarks>
    /// What post-load methods assign beside parameters is put aside, too; while such a method runs, readers wait. Nothing more can come afterwards. What keeps a commit from
    /// succeeding then is the loss of the process or of a device, or a change of the model that is no refit: another child, other memory behind a parameter.
    /// </remarks>
    /// <returns>What the commit will have done.</returns>
    /// <exception cref="LoadException">
    /// Tensors were wrong, unknown, brought twice, or are missing; all are listed. Where some are missing only, they may come now, and this be called again.
    /// </exception>
    /// <exception cref="ModelStateException">The session has ended, or writes are under way; or a post-load method made another shape or type than before.</exception>
    public LoadReport Prepare() => Prepare(CancellationToken.None);

    /// <inheritdoc cref="Prepare()"/>
    /// <param name="cancellationToken">Stops the waiting for readers, where post-load methods assign something beside parameters. The session is as before then.</param>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public LoadReport Prepare(CancellationToken cancellationToken) => _update.Prepare(cancellationToken);

    /// <summary>
    /// Makes the new weights live: what <see cref="Prepare()"/> does, if that was not done, and then moves everything into the storage that the parameters already
    /// have, when all readings of the model have ended (<see cref="ReadingExtensions.Read(IParameterModule, long?, CancellationToken)"/>). The session ends, whatever happens, but where the waiting for readers was stopped or refused.
    /// </summary>
    /// <returns>What was written and which methods ran.</returns>
    /// <exception cref="LoadException">Tensors were wrong, unknown, brought twice, or are missing; all are listed.</exception>
    /// <exception cref="ModelStateException">The session has ended, a post-load method made another shape or type than before, or the caller reads the model itself; or the session is one of a group, which decides.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public LoadReport Commit() => Commit(CancellationToken.None);

    /// <inheritdoc cref="Commit()"/>
    /// <param name="cancellationToken">Stops the waiting for readers. Nothing is changed then, and the session stays as it was.</param>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public LoadReport Commit(CancellationToken cancellationToken)
    {
        CheckOwn("is committed by its group, which all ranks decide about (GroupRefit.Commit)");
        try
        {
            return _update.Commit(cancellationToken);
        }
        catch (Exception e)
        {
            if (!_update.HasWaitedInVain) _update.Blame(e);
            throw;
        }
        finally
        {
            if (!_update.HasWaitedInVain) Dispose();
        }
    }

    /// <summary>What has come, what lacks and what is wrong so far. From any thread.</summary>
    public RefitProgress Progress() => _update.Progress();

    /// <summary>Begins the time of <see cref="LoadOptions.Lease"/> anew, where nothing comes for long.</summary>
    /// <exception cref="ModelStateException">The session has ended.</exception>
    public void Renew() => _update.Renew();

    /// <summary>
    /// The checksums of what the commit will make live, once all is prepared: proof before anybody is served. As
    /// <see cref="ChecksumExtensions.Checksums(IParameterModule, string)"/> gives them afterwards.
    /// </summary>
    /// <param name="format">As there.</param>
    /// <exception cref="ModelStateException">The session is not prepared.</exception>
    /// <exception cref="ArgumentException">No parameter has the format.</exception>
    public WeightChecksums Checksums(string? format = null)
    {
        using var writing = _update.BeginStagedReading();
        return new HeldChecksums(_index, format, _update).Compute();
    }

    /// <summary>
    /// Ends the session. Without a commit, staged weights are dropped; after in-place writes the model is torn. Where writes are under way
    /// in other threads, the session keeps the model until they are done.
    /// </summary>
    public void Dispose() => _update.Dispose();

    /// <summary>The change that the session is, for other ways of writing, and for a group that decides about it.</summary>
    internal WeightUpdate Update => _update;

    /// <summary>The model.</summary>
    internal ModelIndex Index => _index;

    private void CheckOwn(string what)
    {
        if (_group is not null) throw new ModelStateException($"This refit belongs to {_group}, and {what}.");
    }

    private static void CheckGiven(string name, torch.Tensor tensor, string argument = "tensor")
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tensor, argument);
        if (tensor.IsInvalid) throw new ArgumentException($"{NameFolding.Shown(name)} was disposed before it came: bring it while its dispose scope is open.", argument);
        if (tensor.device_type == DeviceType.META || tensor.is_sparse) throw new ArgumentException($"{NameFolding.Shown(name)} is {(tensor.is_sparse ? "sparse" : "on the meta device, and has no values")}: bring a dense tensor.", argument);
    }

    private static void CheckGiven(TensorPatch patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        CheckGiven(patch.Name, patch.Indices, "indices");
        CheckGiven(patch.Name, patch.Values, "values");
    }

    /// <summary>Whether all tensors are there before the first is read. Any other collection may make one when it is asked for it, in the memory of the last.</summary>
    private static bool IsHeld(IEnumerable<KeyValuePair<string, torch.Tensor>> tensors) =>
        tensors is Dictionary<string, torch.Tensor> or KeyValuePair<string, torch.Tensor>[] or List<KeyValuePair<string, torch.Tensor>>
            or SortedDictionary<string, torch.Tensor> or OrderedDictionary<string, torch.Tensor> or ConcurrentDictionary<string, torch.Tensor>
            or FrozenDictionary<string, torch.Tensor> or ImmutableDictionary<string, torch.Tensor> or ImmutableArray<KeyValuePair<string, torch.Tensor>>;

    private void WriteEach(IEnumerable<(string Name, torch.Tensor Tensor)> tensors, CancellationToken cancellationToken)
    {
        foreach (var (name, tensor) in tensors)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(name, tensor);
        }
    }

    private void WriteHeld(KeyValuePair<string, torch.Tensor>[] tensors, CancellationToken cancellationToken)
    {
        var remembered = _update.Arrivals.Expect(tensors.Select(tensor => tensor.Key).Where(name => name is not null));
        new WeightCopy(_update, null, cancellationToken).Run(
            tensors,
            tensor =>
            {
                CheckGiven(tensor.Key, tensor.Value);
                var origin = ViewOrigin.Of(tensor.Value);
                return GivenTensor.Admit(_update, new Arrival(tensor.Key, Shapes.Of(tensor.Value), tensor.Value.dtype) { IsRemembered = remembered?.Contains(tensor.Key) ?? true, Origin = origin, Slice = StoredSlices.Of(origin) }, tensor.Value);
            },
            tensor => tensor.Value is { IsInvalid: false } ? tensor.Value.Handle : 0);
        _update.WriteDecided();
        GC.KeepAlive(tensors);
    }

    private void WriteBelow(Checkpoint checkpoint, string? below, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        WriteMany(() => CheckpointCopy.Run(_update, checkpoint, below, check: false, progress, cancellationToken));
    }

    private void WriteMany(Action write)
    {
        using var writing = _update.BeginWrite(isOfMany: true);
        try
        {
            write();
        }
        catch (Exception e)
        {
            _update.CutShort(e);
            throw;
        }
    }

    private void Write(string name, torch.Tensor tensor, bool slice, ImmutableArray<long> start)
    {
        CheckGiven(name, tensor);
        using var writing = _update.BeginWrite();
        var origin = ViewOrigin.Of(tensor);
        var arrival = new Arrival(name, Shapes.Of(tensor), tensor.dtype) { IsSlice = slice, Start = start, Origin = origin, Slice = start.IsDefault ? StoredSlices.Of(origin) : null };
        if (!arrival.IsWhole) arrival = arrival.Simplified(_update.Arrivals.Find(name), _index);
        if (GivenTensor.Admit(_update, arrival, tensor) is { } given)
        {
            given.Write();
            _update.Advance([given.Place]);
        }
        _update.WriteDecided();

        // Of Write(name, x.cpu()) nobody else has the tensor: its finaliser would free it under the copy.
        GC.KeepAlive(tensor);
    }

    private OutsideWrites Outside() => _update.Outside ?? throw new ModelStateException("A staged refit writes nothing into the model before its commit, so that nobody else can: begin one in place.");

    private static ImmutableArray<long> Checked(ReadOnlySpan<long> start, torch.Tensor tensor) => tensor is null ? default : start.Length == tensor.dim()
        ? [.. start]
        : throw new ArgumentException($"A chunk {Shapes.Text(tensor.shape)} begins at one index for each dimension, not at {Shapes.Text(start)}.", nameof(start));
}
