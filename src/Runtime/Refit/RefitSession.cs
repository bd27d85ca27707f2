using Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard;

/// <summary>
/// One refit of a live model: weights in checkpoint layout come in any order and from any thread, and take effect together at
/// <see cref="Commit"/>, or not at all. Made by <see cref="ParameterModuleExtensions.BeginRefit"/>.
/// </summary>
public sealed class RefitSession : IDisposable
{
    private readonly WeightUpdate _update;
    private bool _ended;

    internal RefitSession(ModelIndex index, RefitMode mode, RefitScope scope, LoadOptions options) => _update = new WeightUpdate(index, mode, scope, options);

    /// <summary>
    /// Brings one whole checkpoint tensor. A wrong one is not written; <see cref="Commit"/> reports it together with all others.
    /// </summary>
    /// <param name="name">The full name in the checkpoint.</param>
    /// <param name="tensor">The tensor in checkpoint layout, on any device, of any strides; it stays the caller's and may change after the call.</param>
    /// <exception cref="ModelStateException">The session has ended.</exception>
    public void Write(string name, torch.Tensor tensor)
    {
        CheckOpen();
        var admission = _update.Admit(name, [.. tensor.shape], tensor.dtype);
        using var contiguous = tensor.contiguous();
        if (_update.Tied(name) is { } tied) _update.CompareTied(tied, contiguous);
        if (admission is null) return;
        _update.Write(admission, contiguous);
        _update.Advance([admission]);
    }

    /// <summary>
    /// Brings a few elements of one checkpoint tensor, straight into kernel storage whatever its layout: what a step of reinforcement
    /// learning changes. Elements that other ranks hold are skipped. They are written at the <see cref="Commit"/>; cost and memory
    /// follow their number.
    /// </summary>
    /// <param name="name">The full name in the checkpoint.</param>
    /// <param name="indices">Flat indices into the whole, unsliced checkpoint tensor: int64 [count], each once, in any order.</param>
    /// <param name="values">Their values: [count].</param>
    /// <exception cref="ArgumentException">The indices are not int64, or their number is not that of the values.</exception>
    /// <exception cref="ModelStateException">The session has ended, or the model was never loaded.</exception>
    public void Patch(string name, torch.Tensor indices, torch.Tensor values)
    {
        CheckOpen();
        if (indices.dtype != torch.ScalarType.Int64 || indices.dim() != 1) throw new ArgumentException($"Indices are int64 [count], not {indices.dtype} {Shapes.Text(indices.shape)}.", nameof(indices));
        if (values.dim() != 1 || values.numel() != indices.numel()) throw new ArgumentException($"There are {indices.numel()} indices, but the values are {Shapes.Text(values.shape)}.", nameof(values));
        _update.Patch(name, indices, values);
    }

    /// <summary>Brings every tensor of a checkpoint, in parallel.</summary>
    /// <param name="checkpoint">The checkpoint; it may be disposed after the call.</param>
    /// <param name="progress">Told after each tensor, from several threads.</param>
    /// <param name="cancellationToken">Stops between tensors.</param>
    /// <exception cref="OperationCanceledException">The session was cancelled; dispose it.</exception>
    public void Write(Checkpoint checkpoint, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckOpen();
        CheckpointCopy.Run(_update, checkpoint, check: false, progress, cancellationToken);
    }

    /// <summary>
    /// Makes the new weights live: re-runs the post-load methods that depend on what changed, and moves everything into the storage
    /// that the parameters already have. The session ends, whatever happens.
    /// </summary>
    /// <returns>What was written and which methods ran.</returns>
    /// <exception cref="LoadException">Tensors were wrong, unknown, brought twice, or are missing; all are listed.</exception>
    /// <exception cref="ModelStateException">The session has ended, or a post-load method made another shape or type than before.</exception>
    public LoadReport Commit()
    {
        CheckOpen();
        try
        {
            return _update.Commit();
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Ends the session. Without a commit, staged weights are dropped; after in-place writes the model is torn.</summary>
    public void Dispose()
    {
        _ended = true;
        _update.Dispose();
    }

    private void CheckOpen()
    {
        if (_ended) throw new ModelStateException("The refit has ended: begin another.");
    }
}
