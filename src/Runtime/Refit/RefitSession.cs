using System.Collections.Immutable;
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
        if (_update.Admit(name, [.. tensor.shape], tensor.dtype) is not { } place) return;
        using var contiguous = tensor.contiguous();
        _update.Write(place, contiguous);
    }

    /// <summary>Brings every tensor of a checkpoint, in parallel.</summary>
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
