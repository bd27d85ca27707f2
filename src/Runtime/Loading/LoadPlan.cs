using Lanyard.Checkpoints;

namespace Lanyard;

/// <summary>
/// What it takes to fill a model from a checkpoint, checked from the headers alone: every element of every parameter exactly once.
/// Built once, it serves the first load and every later one from the same checkpoint.
/// </summary>
public sealed class LoadPlan
{
    private readonly ModelIndex _index;
    private readonly Checkpoint _checkpoint;
    private readonly LoadOptions _options;

    private LoadPlan(ModelIndex index, Checkpoint checkpoint, LoadOptions options)
    {
        (_index, _checkpoint, _options) = (index, checkpoint, options);
        var account = new LoadAccount(index, options);
        foreach (var tensor in checkpoint.Tensors.Values)
        {
            if (account.Admit(tensor.Name, tensor.Shape, tensor.DType.ToScalarType()) is not { } place) continue;
            Tensors++;
            Bytes += tensor.Length;
            Slots += place.Slots;
        }
        var problems = account.Problems(index.Parameters.SelectMany(account.Missing).Concat(account.UnusedIgnores()));
        if (!problems.IsEmpty) throw new LoadException("Nothing was changed.", problems);
    }

    /// <summary>The checkpoint tensors that this rank reads.</summary>
    public int Tensors { get; }

    /// <summary>The slots to write.</summary>
    public int Slots { get; }

    /// <summary>The bytes of the tensors to read; a rank that holds slices reads less of them.</summary>
    public long Bytes { get; }

    /// <summary>Plans a load from the checkpoint's headers. Nothing is read or changed.</summary>
    /// <exception cref="LoadException">Lists every tensor that is missing, unexpected, mis-shaped, mis-typed, brought twice, or in two formats.</exception>
    /// <exception cref="InvalidOperationException">The model's own declarations contradict each other.</exception>
    public static LoadPlan Create(IParameterModule model, Checkpoint checkpoint, LoadOptions? options = null) =>
        new(ModelIndex.Of(model.Parameters), checkpoint, options ?? LoadOptions.Default);

    /// <summary>
    /// Copies every slot into place and runs the post-load methods. On a model that was never loaded it writes in place; on a loaded
    /// one it is a refit in the given mode. Storage addresses of a loaded model do not move.
    /// </summary>
    /// <param name="progress">Told after each tensor, from several threads.</param>
    /// <param name="cancellationToken">Stops between tensors. A first load or an in-place refit that stops leaves the model torn.</param>
    /// <param name="mode">How a loaded model is kept whole.</param>
    /// <exception cref="LoadException">The model has changed since the plan was made and does not take the checkpoint any more.</exception>
    /// <exception cref="ModelStateException">A refit owns the model, or a post-load method made another shape or type than before.</exception>
    /// <exception cref="OperationCanceledException">The load was cancelled.</exception>
    public LoadReport Execute(IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default, RefitMode mode = RefitMode.InPlace)
    {
        using var update = new WeightUpdate(_index, mode, RefitScope.Whole, _options);
        CheckpointCopy.Run(update, _checkpoint, check: true, progress, cancellationToken);
        return update.Commit();
    }
}
