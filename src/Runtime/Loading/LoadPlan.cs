using System.ComponentModel;
using System.Runtime.CompilerServices;
using Lanyard.Books;
using Lanyard.Causes;
using Lanyard.Checkpoints;
using Lanyard.Index;
using Lanyard.Live;
using Lanyard.Maps;
using Lanyard.Parts;
using Lanyard.Updates;
using TorchSharp;

namespace Lanyard;

/// <summary>
/// What it takes to fill a model from a checkpoint, checked from the headers alone: every element of every parameter exactly once.
/// Built once, it serves the first load and every later one from the same checkpoint, as long as that is open.
/// </summary>
public sealed class LoadPlan
{
    private readonly ModelIndex _index;
    private readonly Checkpoint _checkpoint;
    private readonly LoadOptions _options;
    private readonly string? _below;

    private LoadPlan(ModelIndex index, Checkpoint checkpoint, LoadOptions options, string? below)
    {
        AllocatedMemory.Check(index, options);
        (_index, _checkpoint, _options, _below) = (index, checkpoint, options, below);
        var estimate = Check(index, new CheckpointPart(checkpoint, below), options);
        (Tensors, Slots, Bytes) = (estimate.Tensors, estimate.Slots, estimate.Bytes);
        foreach (var module in index.Modules) module.Set.IsPlanned = true;
    }

    /// <summary>The checkpoint tensors that this rank reads, scales among them.</summary>
    public int Tensors { get; }

    /// <summary>The slots to write.</summary>
    public int Slots { get; }

    /// <summary>
    /// The bytes to take out of the tensors: of a slice those of the slice, of what is decoded with others, and stands beside it, all. A little more may be read, where
    /// what a rank holds lies in short runs.
    /// </summary>
    public long Bytes { get; }

    /// <summary>Plans a load from the checkpoint's headers. Nothing is read or changed.</summary>
    /// <param name="model">The model: its root, or the part of it whose names the checkpoint has.</param>
    /// <param name="checkpoint">The checkpoint; it must stay open until the plan is not executed any more.</param>
    /// <param name="options">What a load may do beside the declared map.</param>
    /// <param name="below">
    /// Where the model is a part of a tree, what stands before its names in the checkpoint of the whole: <c>model.layers.1.feed_forward.</c>
    /// All other names are passed over. Null: the checkpoint is the model's own.
    /// </param>
    /// <exception cref="LoadException">Lists every tensor that is missing, unexpected, mis-shaped, mis-typed, brought twice, or in two formats.</exception>
    /// <exception cref="InvalidOperationException">The model's own declarations contradict each other.</exception>
    public static LoadPlan Create(IParameterModule model, Checkpoint checkpoint, LoadOptions? options = null, string? below = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(checkpoint);
        return new LoadPlan(ModelIndex.Of(model.Parameters), checkpoint, options ?? LoadOptions.Default, below);
    }

    /// <summary>
    /// Checks what <see cref="Create(IParameterModule, Checkpoint, LoadOptions, string)"/> checks where there are headers alone, such as the tensor list of a checkpoint that is not here.
    /// The model may be on the meta device and take no memory.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="headers">Every tensor of the checkpoint; files and offsets play no part.</param>
    /// <param name="options">What a load may do beside the declared map.</param>
    /// <param name="below">As for <see cref="Create(IParameterModule, Checkpoint, LoadOptions, string)"/>.</param>
    /// <returns>What a load would do.</returns>
    /// <exception cref="LoadException">Lists everything wrong.</exception>
    /// <exception cref="InvalidOperationException">The model's own declarations contradict each other.</exception>
    public static LoadEstimate Check(IParameterModule model, IEnumerable<CheckpointTensor> headers, LoadOptions? options = null, string? below = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(headers);
        return Check(ModelIndex.Of(model.Parameters), new CheckpointPart(headers, below, null), options ?? LoadOptions.Default);
    }

    /// <summary>
    /// Copies every slot into place and runs the post-load methods. On a model that was never loaded it writes in place; on a loaded
    /// one it is a refit in the given mode. Storage addresses of a loaded model do not move.
    /// </summary>
    /// <param name="progress">Told after each tensor, from several threads.</param>
    /// <param name="cancellationToken">Stops between tensors. A first load or an in-place refit that stops leaves the model torn.</param>
    /// <param name="mode">How a loaded model is kept whole.</param>
    /// <returns>What was written and which methods ran.</returns>
    /// <exception cref="LoadException">The model has changed since the plan was made and does not take the checkpoint any more.</exception>
    /// <exception cref="CheckpointException">A file has changed since the checkpoint was opened, or cannot be read.</exception>
    /// <exception cref="ModelStateException">
    /// A refit owns the model, the model is on the meta device, or a post-load method made another shape or type than before.
    /// </exception>
    /// <exception cref="OperationCanceledException">The load was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    public LoadReport Execute(IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default, RefitMode mode = RefitMode.InPlace)
    {
        // A plan keeps its index, however long ago it was made; everybody else has just asked for one.
        _index.CheckTree();
        using var update = new WeightUpdate(_index, "a load", mode, RefitScope.Whole, _options);
        if (_below is null) update.Version ??= SliceMetadata.VersionOf(_checkpoint.Metadata);
        try
        {
            CheckpointCopy.Run(update, _checkpoint, _below, check: true, progress, cancellationToken);
            return update.Commit(cancellationToken);
        }
        catch (Exception e)
        {
            update.Blame(e);
            throw;
        }
    }

    private static LoadEstimate Check(ModelIndex index, CheckpointPart part, LoadOptions options)
    {
        var account = new LoadAccount(index, options);
        account.Expect(part.Tensors.Select(part.NameOf));
        part.Cut(index, account.Find);
        var (tensors, slots, bytes) = (0, 0, 0L);
        var waiting = new Dictionary<Arrival, CheckpointTensor>(ReferenceEqualityComparer.Instance);
        string? last = null;
        foreach (var tensor in part.Stored)
        {
            var arrival = part.ArrivalOf(tensor, index, account.Find);
            var place = account.Admit(arrival);
            if (place is { Waits: true }) waiting.Add(arrival, tensor);
            else Count(place, tensor);
        }
        account.Close();
        foreach (var (arrival, place) in account.TakeDecided())
        {
            if (waiting.TryGetValue(arrival, out var tensor)) Count(place, tensor);

            // What was put together from pieces, which are counted.
            else slots += place.Slots;
        }
        var problems = account.Problems(index.Parameters.SelectMany(account.Missing).Concat(account.UnusedIgnores()));
        return problems.IsEmpty ? new LoadEstimate(tensors, slots, bytes) : throw LoadRefusal.Of(index, account, "Nothing was changed.", problems, part.Place);

        void Count(PlacedTensor? place, CheckpointTensor tensor)
        {
            if (place is not { IsRead: true }) return;

            // Pieces of one follow each other.
            if (tensor.Start.IsDefault || tensor.Name != last) tensors++;
            last = tensor.Name;
            slots += place.Slots;
            bytes += place.BytesOf(tensor.Length);
        }
    }

    /// <summary>Refuses a module of a class without <see cref="ParameterModuleAttribute"/>, when it is compiled.</summary>
    [Obsolete(Unannotated.Message, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    [OverloadResolutionPriority(-1)]
    public static LoadPlan Create(torch.nn.Module model, Checkpoint checkpoint, LoadOptions? options = null, string? below = null) => throw new NotSupportedException(Unannotated.Message);
}
